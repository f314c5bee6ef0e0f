// Measures the size that a package adds to a browser application.
import { isAbsolute } from 'node:path';
import { gzipSync } from 'node:zlib';

import { build } from 'esbuild';
import { rollup } from 'rollup';

/**
 * Bundles a package, or one of its exports, for browsers.
 *
 * @param {string} folder folder to resolve the package from
 * @param {string} name the package
 * @param {string} exported the name of an export, or '*'
 * @returns {Promise<number>} kilobytes, minified and gzipped, with dependencies except TensorFlow.js
 */
export async function measureBundle(folder, name, exported) {
  const names = exported === '*' ? '*' : `{ ${exported} }`;
  const result = await build({
    stdin: { contents: `export ${names} from '${name}';`, resolveDir: folder },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    minify: true,
    legalComments: 'none',
    logLevel: 'silent',
    // The application provides TensorFlow.js.
    external: ['@tensorflow/*'],
  });
  const code = Buffer.concat(result.outputFiles.map(({ contents }) => contents));
  return gzipSync(code, { level: 9 }).length / 1000;
}

/**
 * Returns the code that a bundler keeps of an unused module if only `/* @__PURE__ *\/` marks code as free of side
 * effects. `"sideEffects": false` drops modules only if all of their exports are unused.
 *
 * @param {string} file absolute path of a built module
 */
export async function leftAfterTreeShaking(file) {
  const subject = {
    name: 'subject',
    resolveId: (id) => (id === 'subject' ? id : null),
    load: (id) => (id === 'subject' ? `import '${file}';` : null),
  };
  const result = await rollup({
    input: 'subject',
    external: (id) => id !== 'subject' && !isAbsolute(id) && !id.startsWith('.'),
    plugins: [subject],
    treeshake: { moduleSideEffects: (_, external) => !external },
    onLog: () => undefined,
  });
  const { output } = await result.generate({ format: 'es' });
  // Remove imports of other packages, which this does not measure.
  return output[0].code.replaceAll(/^import .*;$/gm, '').trim();
}
