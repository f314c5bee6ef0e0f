// The package's entry for browsers. The one for Node, index.node.ts, exports the same names.
import { browserPlatform } from './browser/browser-platform';
import { createUseWasm, type UseWasm } from './use-wasm';

export type { UseWasm } from './use-wasm';
export type { WasmBinary, WasmOptions } from './wasm-options';
export { describeSetup, type WasmSetup } from './wasm-setup';

/** {@inheritDoc UseWasm} */
export const useWasm: UseWasm = /* @__PURE__ */ createUseWasm(browserPlatform);
