// Prints, as a JSON list, what importing a module changes in a process that has already loaded its dependencies.
//
//     node tools/workspace/import-effects.mjs FILE DEPENDENCY...
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const [file, ...dependencies] = process.argv.slice(2);
const resolveFrom = pathToFileURL(file);
for (const name of dependencies) {
  try {
    await import(pathToFileURL(createRequire(resolveFrom).resolve(name)).href);
  } catch {
    // The dependency has no main entry that Node can load.
  }
}

/** The observable state of a process: globals, listeners, and what is registered with TensorFlow.js. */
function observe() {
  const tf = globalThis._tfGlobals ?? new Map();
  return {
    globals: Reflect.ownKeys(globalThis).map(String).sort(),
    prototypes: [Object, Array, Function, Promise, Map].map(({ prototype }) => Reflect.ownKeys(prototype).length),
    listeners: process.eventNames().map((name) => `${String(name)} ${process.listenerCount(name)}`),
    environment: Object.keys(process.env).length,
    kernels: [...(tf.get('kernelRegistry')?.keys() ?? [])],
    gradients: [...(tf.get('gradRegistry')?.keys() ?? [])],
    backends: Object.keys(globalThis._tfengine?.registryFactory ?? {}),
    waitingFor: process.getActiveResourcesInfo().filter((name) => !/TTY|Pipe|FS/.test(name)),
  };
}

const before = observe();
const printed = [];
process.stdout.write = (text) => printed.push(String(text)) > 0;
await import(resolveFrom.href);
delete process.stdout.write;
const after = observe();
const changed = Object.keys(before).filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
console.log(JSON.stringify([...changed, ...printed.map((text) => `prints ${text.trim()}`)]));
