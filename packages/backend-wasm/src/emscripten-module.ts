import type { TfjsWasm } from './load-tfjs-wasm';

/** What a build's script gives for a configuration: a module, ready for use. */
export type ModuleFactory = (config: {
  instantiateWasm(
    imports: WebAssembly.Imports,
    receive: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
  ): WebAssembly.Exports | object;
  locateFile(name: string, folder: string): string;
  mainScriptUrlOrBlob?: string | Blob;
}) => Promise<EmscriptenModule>;

/** The module of emscripten before tfjs has put its own names into it. */
export interface EmscriptenModule {
  cwrap(name: string, returns: 'number' | null, takes: readonly 'number'[]): (...values: number[]) => number;
  asm: { dispose(): void };
  tfjs: unknown;
}

/** Makes tfjs's backend of a module that was instantiated here, as tfjs does of its own. */
export function backendOf(tfjs: TfjsWasm, module: EmscriptenModule, threads: number) {
  module.tfjs = {
    init: module.cwrap('init', null, []),
    initWithThreadsCount: module.cwrap('init_with_threads_count', null, ['number']),
    getThreadsCount: module.cwrap('get_threads_count', 'number', []),
    registerTensor: module.cwrap('register_tensor', null, ['number', 'number', 'number']),
    disposeData: module.cwrap('dispose_data', null, ['number']),
    // Not the module's own `_dispose`: in Node it takes every listener off the process, the application's too.
    dispose: () => module.asm.dispose(),
  };
  tfjs.setThreadsCount(threads);
  return new tfjs.BackendWasm(module as unknown as ConstructorParameters<TfjsWasm['BackendWasm']>[0]);
}

/** The builds' scripts are CommonJS; some loaders put what they export under `default`. */
export function interop(exported: unknown): unknown {
  return (exported as { default?: unknown }).default ?? exported;
}
