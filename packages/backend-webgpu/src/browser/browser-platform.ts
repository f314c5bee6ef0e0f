import { TaggerError } from '@taggerjs/nn';

import type { Gpu, Platform } from '../platform';

/** The browser platform, in a page or a worker: WebGPU is built in. */
export const browserPlatform: Platform = {
  async places({ featureLevels }) {
    const gpu = (globalThis.navigator as { gpu?: Gpu } | undefined)?.gpu;
    if (gpu === undefined) {
      throw new TaggerError(
        'NO_BACKEND',
        globalThis.isSecureContext === false
          ? 'useWebgpu: browsers provide WebGPU only to secure pages. Serve the page over HTTPS or from localhost.'
          : 'useWebgpu: this browser has no WebGPU. Use a current one, or another backend.',
      );
    }
    return featureLevels.map((featureLevel) => ({ name: `${featureLevel} level`, featureLevel, gpu }));
  },
  advice:
    'See chrome://gpu or about:support for what the browser says of WebGPU; the driver may be too old, or blocked. Use ' +
    '@taggerjs/backend-wasm without one.',
  provideGlobals: async () => () => {},
};
