import { expectAllClose, runForJson, runProgram } from '@taggerjs-tools/testing';
import * as tf from '@tensorflow/tfjs-core';

import { describeSetup, useWebgpu } from './index.node';

/** Runs on a GPU if there is one, else on Mesa's software rasterizer: `npm run setup:webgpu` installs it. */
const options = { allowSoftware: true };

afterAll(() => tf.removeBackend('webgpu'));

async function product(): Promise<ArrayLike<number>> {
  const result = tf.tidy(() => tf.matMul(tf.fill([70, 90], 0.5), tf.fill([90, 30], 2)));
  const values = await result.data();
  result.dispose();
  return values;
}

describe('useWebgpu in Node', () => {
  it('sets the backend and describes the setup', async () => {
    const setup = await useWebgpu(options);
    expect(setup.backend).toBe('webgpu');
    expect(tf.getBackend()).toBe('webgpu');
    expect(describeSetup(setup)).toMatch(/^WebGPU on \S/);
    expect(setup.limits['maxStorageBufferBindingSize']).toBeGreaterThanOrEqual(2 ** 27);
    expectAllClose(await product(), new Float32Array(70 * 30).fill(90));
  });

  it('changes nothing when called again with the same options', async () => {
    const setup = await useWebgpu(options);
    const backend = tf.backend();
    expect(await useWebgpu(options)).toBe(setup);
    expect(tf.backend()).toBe(backend);
  });

  it('refuses to lose tensors, and keeps them', async () => {
    await useWebgpu(options);
    const tensor = tf.tidy(() => tf.add(tf.scalar(2), tf.scalar(3)));
    await expect(useWebgpu({ ...options, limits: { maxBufferSize: 2 ** 28 } })).rejects.toMatchObject({
      code: 'NO_BACKEND',
    });
    expect((await tensor.data())[0]).toBe(5);
    tensor.dispose();
  });

  it('recreates the backend with the requested limits', async () => {
    const { limits } = await useWebgpu({ ...options, limits: { maxBufferSize: 2 ** 28 } });
    expect(limits['maxBufferSize']).toBe(2 ** 28);
    expectAllClose(await product(), new Float32Array(70 * 30).fill(90));
    await expect(useWebgpu({ ...options, limits: { maxBufferSize: 2 ** 50 } })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringContaining('maxBufferSize'),
    });
  });

  it('throws device errors at the next read', async () => {
    await useWebgpu({ ...options, limits: { maxBufferSize: 2 ** 28 } });
    // Of 4 bytes each.
    const large = tf.fill([2 ** 26 + 64], 1);
    await expect(large.data()).rejects.toMatchObject({ code: 'BACKEND_FAILED' });
    large.dispose();
    tf.removeBackend('webgpu');
    await useWebgpu(options);
    expectAllClose(await product(), new Float32Array(70 * 30).fill(90));
  });

  it('refuses synchronous reads, and says what to do instead', async () => {
    await useWebgpu(options);
    const sum = tf.tidy(() => tf.add(tf.fill([3], 1), tf.scalar(1)));
    expect(() => sum.dataSync()).toThrow(expect.objectContaining({ code: 'BACKEND_FAILED' }));
    expect(Array.from(await sum.data())).toEqual([2, 2, 2]);
    expect(Array.from(sum.dataSync())).toEqual([2, 2, 2]);
    sum.dispose();
  });

  it('lists the adapters if none has the requested name', async () => {
    await expect(useWebgpu({ ...options, dawn: { adapter: 'no such adapter' } })).rejects.toMatchObject({
      code: 'NO_BACKEND',
    });
  });
});

describe('a process that used useWebgpu', () => {
  const imports = `
    import * as tf from '@tensorflow/tfjs-core';
    import { useWebgpu } from '@taggerjs/backend-webgpu';
  `;

  it.each([
    ['with the backend in use', ''],
    ['after the backend was removed', `tf.removeBackend('webgpu');`],
  ])('exits by itself %s', async (_, end) => {
    const { status, stdout } = await runProgram(`${imports}
      await useWebgpu({ allowSoftware: true });
      // Collecting the wrappers of Dawn's objects must not crash the process.
      for (let i = 0; i < 20; i++) new Array(1e6).fill(i);
      const sum = tf.add(tf.fill([3], 1), tf.scalar(1));
      console.log(String((await sum.data())[0]));
      ${end}
    `);
    expect({ status, stdout }).toEqual({ status: 0, stdout: '2\n' });
  });

  it('leaves no globals after the backend was removed, and never changes navigator', async () => {
    const [during, after, same] = await runForJson<[string[], string[], boolean]>(`${imports}
      const navigator = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
      const names = () => Object.getOwnPropertyNames(globalThis).filter((name) => name.startsWith('GPU'));
      await useWebgpu({ allowSoftware: true });
      const during = names();
      const same = Object.getOwnPropertyDescriptor(globalThis, 'navigator')?.get === navigator?.get;
      tf.removeBackend('webgpu');
      console.log(JSON.stringify([during, names(), same]));
    `);
    expect(during).toContain('GPUBufferUsage');
    expect(after).toEqual([]);
    expect(same).toBe(true);
  });

  it('refuses if the only adapter is a software rasterizer', async () => {
    const [software, refused] = await runForJson<[boolean, { code?: string; message?: string }]>(`${imports}
      const { software } = await useWebgpu({ allowSoftware: true });
      tf.removeBackend('webgpu');
      const refused = await useWebgpu().then(() => ({}), ({ code, message }) => ({ code, message }));
      console.log(JSON.stringify([software, refused]));
    `);
    expect(refused).toEqual(software ? { code: 'NO_BACKEND', message: expect.stringContaining('allowSoftware') } : {});
  });

  it('adds no globals and no backend when the package is only imported', async () => {
    const [globals, factory] = await runForJson<[string[], unknown]>(`${imports}
      void useWebgpu;
      const names = Object.getOwnPropertyNames(globalThis).filter((name) => name.startsWith('GPU'));
      console.log(JSON.stringify([names, tf.findBackendFactory('webgpu')]));
    `);
    expect(globals).toEqual([]);
    expect(factory).toBeNull();
  });
});
