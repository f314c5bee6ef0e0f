// The package's entry for Node. The one for browsers, index.ts, exports the same names.
import { nodePlatform } from './node/node-platform';
import { createUseWasm, type UseWasm } from './use-wasm';

export type { UseWasm } from './use-wasm';
export type { WasmBinary, WasmOptions } from './wasm-options';
export { describeSetup, type WasmSetup } from './wasm-setup';

/** {@inheritDoc UseWasm} */
export const useWasm: UseWasm = /* @__PURE__ */ createUseWasm(nodePlatform);
