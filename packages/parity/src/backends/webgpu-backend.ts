import type { UseWebgpu, WebgpuOptions, WebgpuSetup } from '@taggerjs/backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';

import type { BackendUnderTest } from '../backend-under-test';
import { optionalBackend } from './optional-backend';

/** What the suite needs of `@taggerjs/backend-webgpu`. */
export interface WebgpuModule {
  /** Sets WebGPU up. */
  readonly useWebgpu: UseWebgpu;
  /** Says in a line what was set up. */
  readonly describeSetup: (setup: WebgpuSetup) => string;
}

/**
 * WebGPU, set up by `useWebgpu`. The package is optional, so that the application imports it, and a bundler finds it:
 * `webgpuBackend(() => import('@taggerjs/backend-webgpu'))`.
 *
 * @param load imports the package
 * @param options as `useWebgpu` takes them. A software rasterizer will do unless they say otherwise: it is named in the report
 */
export function webgpuBackend(load: () => Promise<WebgpuModule>, options: WebgpuOptions = {}): BackendUnderTest {
  return optionalBackend({
    name: 'webgpu',
    packageName: '@taggerjs/backend-webgpu',
    howToGet: 'npm install @taggerjs/backend-webgpu; in Node webgpu (Dawn) too, and the driver of the GPU',
    load,
    async use({ useWebgpu, describeSetup }) {
      const setup = await useWebgpu({ allowSoftware: true, ...options });
      return { backend: setup.backend, description: describeSetup(setup) };
    },
    async tearDown() {
      tf.removeBackend('webgpu');
    },
  });
}
