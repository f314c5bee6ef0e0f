import type { TfjsWasm } from './load-tfjs-wasm';

/** The factory that a build's script exports: resolves to a module that is ready to use. */
export type ModuleFactory = (config: {
  instantiateWasm(
    imports: WebAssembly.Imports,
    receive: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
  ): WebAssembly.Exports | object;
  locateFile(name: string, folder: string): string;
  mainScriptUrlOrBlob?: string | Blob;
}) => Promise<EmscriptenModule>;

/** Emscripten's module before tfjs adds its own functions to it. */
export interface EmscriptenModule {
  cwrap(name: string, returns: 'number' | null, takes: readonly 'number'[]): (...values: number[]) => number;
  asm: { dispose(): void };
  tfjs: unknown;
}

/** Creates tfjs's backend from a module that was instantiated here, the way tfjs does from its own. */
export function backendOf(tfjs: TfjsWasm, module: EmscriptenModule, threads: number) {
  module.tfjs = {
    init: module.cwrap('init', null, []),
    initWithThreadsCount: module.cwrap('init_with_threads_count', null, ['number']),
    getThreadsCount: module.cwrap('get_threads_count', 'number', []),
    registerTensor: module.cwrap('register_tensor', null, ['number', 'number', 'number']),
    disposeData: module.cwrap('dispose_data', null, ['number']),
    // Don't call the module's own `_dispose`: in Node it removes every listener from the process, including the application's.
    dispose: () => module.asm.dispose(),
  };
  tfjs.setThreadsCount(threads);
  return new tfjs.BackendWasm(module as unknown as ConstructorParameters<TfjsWasm['BackendWasm']>[0]);
}

/** The builds' scripts are CommonJS; some loaders put their exports under `default`. */
export function interop(exported: unknown): unknown {
  return (exported as { default?: unknown }).default ?? exported;
}
