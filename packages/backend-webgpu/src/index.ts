// The package's entry for browsers. The one for Node, index.node.ts, exports the same names.
import { browserPlatform } from './browser/browser-platform';
import { createUseWebgpu, type UseWebgpu } from './use-webgpu';

export type { UseWebgpu } from './use-webgpu';
export type { DawnBackend, FeatureLevel, WebgpuOptions } from './webgpu-options';
export { describeSetup, type AdapterDescription, type WebgpuSetup } from './webgpu-setup';

/** {@inheritDoc UseWebgpu} */
export const useWebgpu: UseWebgpu = /* @__PURE__ */ createUseWebgpu(browserPlatform);
