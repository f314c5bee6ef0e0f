import * as tf from '@tensorflow/tfjs-core';

import type { BackendUnderTest } from '../backend-under-test';
import { optionalBackend } from './optional-backend';

/** What the suite needs of `@taggerjs/backend-webgpu`, said without its types, for those who have not installed it. */
export interface WebgpuModule<Options extends object, Setup extends { readonly backend: string }> {
  /** Sets WebGPU up. */
  readonly useWebgpu: (options?: Options) => Promise<Setup>;
  /** Says in a line what was set up. */
  readonly describeSetup: (setup: Setup) => string;
}

/**
 * WebGPU, set up by `useWebgpu`. The package is optional, so that the application imports it, and a bundler finds it:
 * `webgpuBackend(() => import('@taggerjs/backend-webgpu'))`.
 *
 * @param load imports the package
 * @param options as `useWebgpu` takes them. A software rasterizer will do unless they say otherwise: it is named in the report
 */
export function webgpuBackend<Options extends object, Setup extends { readonly backend: string }>(
  load: () => Promise<WebgpuModule<Options, Setup>>,
  options?: Options,
): BackendUnderTest {
  return optionalBackend({
    name: 'webgpu',
    packageName: '@taggerjs/backend-webgpu',
    howToGet: 'npm install @taggerjs/backend-webgpu; in Node webgpu (Dawn) too, and the driver of the GPU',
    load,
    async use({ useWebgpu, describeSetup }) {
      const setup = await useWebgpu({ allowSoftware: true, ...options } as unknown as Options);
      return { backend: setup.backend, description: describeSetup(setup) };
    },
    async tearDown() {
      tf.removeBackend('webgpu');
    },
  });
}
