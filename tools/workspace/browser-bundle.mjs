// What a browser application gets from a package.
import { isAbsolute } from 'node:path';
import { gzipSync } from 'node:zlib';

import { build } from 'esbuild';
import { rollup } from 'rollup';

/** TensorFlow.js is the application's choice; it is not counted. */
const external = ['@tensorflow/*'];

/**
 * Bundles a package, or one of its exports, for browsers.
 *
 * @param {string} name the package
 * @param {string} exported the name of an export, or '*'
 * @returns {Promise<number>} kilobytes, minified and gzipped, with the package's own dependencies, without TensorFlow.js
 */
export async function measureBundle(name, exported) {
  const names = exported === '*' ? '*' : `{ ${exported} }`;
  const code = await bundle({ stdin: { contents: `export ${names} from '${name}';`, resolveDir: process.cwd() } });
  return gzipSync(code, { level: 9 }).length / 1000;
}

/**
 * What a bundler keeps of a module of which nothing is used, were it to trust no declaration but `/* @__PURE__ *\/`.
 * `"sideEffects": false` is for whole modules: of a module that is used in part, this decides what else stays.
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
  // An import alone is of something without side effects: the modules outside are not the subject.
  return output[0].code.replaceAll(/^import .*;$/gm, '').trim();
}

async function bundle(options) {
  const result = await build({
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    minify: true,
    legalComments: 'none',
    logLevel: 'silent',
    external,
    ...options,
  });
  return Buffer.concat(result.outputFiles.map(({ contents }) => contents));
}
