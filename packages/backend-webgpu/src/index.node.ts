// The package's entry for Node. The one for browsers, index.ts, exports the same names.
import { nodePlatform } from './node/node-platform';
import { createUseWebgpu, type UseWebgpu } from './use-webgpu';

export type { UseWebgpu } from './use-webgpu';
export type { DawnBackend, FeatureLevel, WebgpuOptions } from './webgpu-options';
export { describeSetup, type AdapterDescription, type WebgpuSetup } from './webgpu-setup';

/** {@inheritDoc UseWebgpu} */
export const useWebgpu: UseWebgpu = /* @__PURE__ */ createUseWebgpu(nodePlatform);
