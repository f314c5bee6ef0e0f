// `npm run new-package -- NAME LAYER`: creates packages/NAME with the layout of every package.
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
const [name, layer, ...words] = process.argv.slice(2);

if (!/^[a-z][a-z0-9-]*$/.test(name ?? '') || !/^([0-8]|backend)$/.test(layer ?? '')) {
  console.error(`Usage: npm run new-package -- NAME LAYER [DESCRIPTION]

  NAME         lower case, such as poisson-noise; the package is @taggerjs/NAME
  LAYER        0 to 8, or backend; a package imports from lower layers only (docs/architecture.md)
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
    targets: Object.fromEntries(['build', 'bundle', 'declarations', 'pack', 'test'].map((target) => [target, {}])),
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

// A first example that passes every check. Replace it.
const example = name.replaceAll(/-(.)/g, (_, letter) => letter.toUpperCase());
write('src/index.ts', `// The public names, in reading order.\nexport { ${example} } from './${name}';\n`);
write(
  `src/${name}.ts`,
  `/** A placeholder: returns the name of the package. */
export function ${example}(): string {
  return '${name}';
}
`,
);
write(
  `src/${name}.test.ts`,
  `import { ${example} } from './${name}';

test('${example} returns its name', () => {
  expect(${example}()).toBe('${name}');
});
`,
);
write(
  'README.md',
  `# @taggerjs/${name}

${description}.

\`\`\`sh
npm install @taggerjs/${name}
\`\`\`

\`\`\`ts
import { ${example} } from '@taggerjs/${name}';

console.log(${example}());
\`\`\`
`,
);
writeFileSync(
  join(root, 'tools/integration/programs', `${name}.ts`),
  `import { ${example} } from '@taggerjs/${name}';

if (${example}() !== '${name}') throw new Error('wrong name');

console.log('ok');
`,
);

addTo('tsconfig.json', ({ references }) => {
  const lastPackage = references.findLastIndex(({ path }) => path.startsWith('./packages/'));
  references.splice(lastPackage + 1, 0, { path: `./packages/${name}` });
});
addTo('tools/workspace/size-budgets.json', (budgets) => {
  budgets[`@taggerjs/${name}`] = { whole: 1, imports: { [example]: 1 } };
});

function addTo(path, change) {
  const json = JSON.parse(readFileSync(join(root, path), 'utf8'));
  change(json);
  writeFileSync(join(root, path), `${JSON.stringify(json, null, 2)}\n`);
}

execFileSync(process.execPath, [join(import.meta.dirname, 'release-fields.mjs')], { cwd: root });
const prettier = join(root, 'node_modules/prettier/bin/prettier.cjs');
const written = [folder, 'tsconfig.json', 'tools/workspace/size-budgets.json', 'tools/integration/programs'];
execFileSync(process.execPath, [prettier, '--write', '--log-level', 'warn', ...written], { cwd: root });

console.log(`Created packages/${name}. Next:

  npm install
  npx nx test @taggerjs/${name}
  npm test

1. Write src/*.ts with tests next to them, and export by name from src/index.ts.
2. Show how to use the package in README.md and, as a program, in tools/integration/programs/${name}.ts.
3. Add what it imports to package.json (dependencies) and tsconfig.json (references).
4. Set its size budget in tools/workspace/size-budgets.json.
5. Add it to the tables of packages in README.md and docs/architecture.md.`);
