// What a browser application gets from a package, measured with esbuild.
import { gzipSync } from 'node:zlib';

import { build } from 'esbuild';

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
 * What a bundler keeps of a module that is imported for its side effects only, were it to trust no declaration but
 * `/* @__PURE__ *\/`: nothing, where `"sideEffects": false` is true.
 *
 * @param {string} file absolute path of a built module
 */
export async function leftAfterTreeShaking(file) {
  const trustNothing = {
    name: 'trust-nothing',
    setup(builder) {
      builder.onResolve({ filter: /.*/ }, ({ path, kind, importer }) => {
        if (kind === 'entry-point') return undefined;
        if (path === 'subject') return { path: file, sideEffects: true };
        if (!path.startsWith('.')) return { path, external: true, sideEffects: false };
        return { path: new URL(path, `file://${importer}`).pathname, sideEffects: true };
      });
    },
  };
  const code = await bundle({
    stdin: { contents: `import 'subject';`, resolveDir: process.cwd() },
    plugins: [trustNothing],
    platform: 'node',
    minify: false,
    minifySyntax: true,
  });
  return code
    .toString()
    .replaceAll(/^\s*(?:\/\/.*|import\s*"[^"]*";)$/gm, '')
    .trim();
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
