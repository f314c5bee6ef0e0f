import { build } from 'esbuild';

/** Where a program runs. */
export type Place = 'page' | 'worker';

/**
 * Bundles a program from sources as an ES module for browsers. In a page, the global function `call` calls its exports by name.
 * A worker posts `{}` once it is ready, and answers messages `{ id, name, parameters }` with `{ id, value }` or `{ id, error }`.
 *
 * @param entry absolute path of the program
 * @throws Error if the program cannot be bundled
 */
export async function bundleEntry(entry: string, place: Place): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: programs[place](JSON.stringify(entry)), resolveDir: '/', sourcefile: `${place}.js` },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    conditions: ['@taggerjs/source'],
    sourcemap: 'inline',
    logLevel: 'silent',
  });
  return outputFiles[0]?.text ?? '';
}

const programs: Readonly<Record<Place, (entry: string) => string>> = {
  page: (entry) => `
    import * as program from ${entry};
    globalThis.call = async (name, parameters) => program[name](...parameters);`,
  worker: (entry) => `
    import * as program from ${entry};
    onmessage = async ({ data: { id, name, parameters } }) => {
      try {
        postMessage({ id, value: await program[name](...parameters) });
      } catch (error) {
        postMessage({ id, error });
      }
    };
    postMessage({});`,
};

/** The script of a page that runs a program in a worker. `ready` resolves when the program is loaded or has failed to load. */
export const WORKER_PAGE = `
  const worker = new Worker('/entry.js', { type: 'module', name: 'entry' });
  const calls = new Map();
  let last = 0;
  globalThis.ready = new Promise((resolve) => {
    worker.onmessage = ({ data: { id, value, error } }) => {
      if (id === undefined) return resolve();
      const call = calls.get(id);
      calls.delete(id);
      if (error === undefined) call.resolve(value);
      else call.reject(error);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      reportError(new Error('in the worker: ' + (event.message ?? 'the program cannot be loaded')));
      resolve();
    };
  });
  globalThis.call = (name, parameters) =>
    new Promise((resolve, reject) => {
      calls.set(++last, { resolve, reject });
      worker.postMessage({ id: last, name, parameters });
    });`;
