import * as tf from '@tensorflow/tfjs-core';

import * as browserEntry from './index';
import * as nodeEntry from './index.node';
import { fakePlatform } from './testing/fake-gpu';
import { createUseWebgpu } from './use-webgpu';

describe('useWebgpu without an adapter', () => {
  it('throws, registers nothing, and can be called again', async () => {
    const useWebgpu = createUseWebgpu(fakePlatform([null]));
    for (let i = 0; i < 2; i++) {
      await expect(useWebgpu()).rejects.toMatchObject({ name: 'TaggerError', code: 'NO_BACKEND' });
    }
    expect(tf.findBackendFactory('webgpu')).toBeNull();
  });

  it('checks options before it looks for adapters', async () => {
    const useWebgpu = createUseWebgpu(fakePlatform([null]));
    await expect(useWebgpu({ allowSoftware: 1 as never })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });

  it('reports that a browser has no WebGPU', async () => {
    await expect(browserEntry.useWebgpu()).rejects.toMatchObject({
      code: 'NO_BACKEND',
      message: 'useWebgpu: this browser has no WebGPU. Use a current one, or another backend.',
    });
  });
});

describe('the entries', () => {
  it('export the same names for Node and for browsers', () => {
    expect(Object.keys(browserEntry).sort()).toEqual(Object.keys(nodeEntry).sort());
  });
});
