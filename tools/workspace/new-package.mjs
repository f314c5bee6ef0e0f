// `npm run new-package -- NAME LAYER`: makes packages/NAME with exactly the layout that every package has.
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
const [name, layer, ...words] = process.argv.slice(2);

if (!/^[a-z][a-z0-9-]*$/.test(name ?? '') || !/^([0-8]|backend)$/.test(layer ?? '')) {
  console.error(`Usage: npm run new-package -- NAME LAYER [DESCRIPTION]

  NAME         lower case, such as poisson-noise; the package is @taggerjs/NAME
  LAYER        0 to 8, or backend: it may import from lower layers only (docs/architecture.md)
  DESCRIPTION  one line, for the README and the registry`);
  process.exit(1);
}
const folder = join(root, 'packages', name);
if (existsSync(folder)) {
  console.error(`packages/${name} exists already.`);
  process.exit(1);
}

const description = words.join(' ') || `What ${name} does, in one line`;
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const write = (path, content) => {
  const text = typeof content === 'string' ? content : `${JSON.stringify(content, null, 2)}\n`;
  writeFileSync(join(folder, path), text);
};

mkdirSync(join(folder, 'src'), { recursive: true });
copyFileSync(join(root, 'LICENSE'), join(folder, 'LICENSE'));
write('package.json', {
  name: `@taggerjs/${name}`,
  version,
  description,
  keywords: ['tagger', 'perceptual-grouping', 'unsupervised', 'tensorflow.js', name],
  license: 'MIT',
  type: 'module',
  sideEffects: false,
  engines: { node: '>=20' },
  main: './dist/index.cjs',
  module: './dist/index.js',
  types: './dist/index.d.ts',
  exports: {
    '.': {
      '@taggerjs/source': './src/index.ts',
      import: { types: './dist/index.d.ts', default: './dist/index.js' },
      require: { types: './dist/index.d.cts', default: './dist/index.cjs' },
    },
    './package.json': './package.json',
  },
  files: ['dist', 'src', '!src/**/*.test.ts'],
  nx: {
    tags: [`layer:${layer}`],
    targets: Object.fromEntries(
      ['build', 'bundle', 'declarations', 'pack', 'check', 'typecheck', 'lint', 'test'].map((target) => [target, {}]),
    ),
  },
});
write('tsconfig.json', {
  extends: '../../tsconfig.base.json',
  compilerOptions: {
    rootDir: 'src',
    outDir: 'out-tsc',
    tsBuildInfoFile: 'out-tsc/tsconfig.tsbuildinfo',
    types: ['jest', 'node'],
  },
  include: ['src'],
  references: [{ path: '../../tools/testing' }],
});
write(
  'tsup.config.ts',
  `import { library } from '../../tools/workspace/tsup.mjs';\n\nexport default library({ entry: ['src/index.ts'] });\n`,
);
write('jest.config.cjs', `module.exports = require('../../tools/workspace/jest.cjs')('${name}');\n`);
write(
  'README.md',
  `# @taggerjs/${name}

${description}.

\`\`\`ts
import * as api from '@taggerjs/${name}';

console.log(Object.keys(api));
\`\`\`
`,
);
write('src/index.ts', `// The public names of @taggerjs/${name}, in reading order.\nexport {};\n`);

addTo('tsconfig.json', ({ references }) => {
  references.splice(-1, 0, { path: `./packages/${name}` });
});
addTo('tools/workspace/size-budgets.json', (budgets) => {
  budgets[`@taggerjs/${name}`] = { whole: 1, imports: {} };
});
mkdirSync(join(root, 'tools/integration/programs'), { recursive: true });
writeFileSync(
  join(root, 'tools/integration/programs', `${name}.ts`),
  `import * as api from '@taggerjs/${name}';\n\nif (Object.keys(api).length === 0) throw new Error('nothing is exported');\n\nconsole.log('ok');\n`,
);

function addTo(path, change) {
  const json = JSON.parse(readFileSync(join(root, path), 'utf8'));
  change(json);
  writeFileSync(join(root, path), `${JSON.stringify(json, null, 2)}\n`);
}

console.log(`Made packages/${name}. Next:

  npm install                     links it into the workspace
  npx prettier --write packages/${name} tools tsconfig.json
  npx nx run-many -t lint typecheck test build -p @taggerjs/${name}

Write src/*.ts with tests beside them, export by name from src/index.ts, say in README.md how it is used, and use it
as a user would in tools/integration/programs/${name}.ts. What it imports goes into package.json (dependencies) and
tsconfig.json (references); its size budget is in tools/workspace/size-budgets.json.`);
