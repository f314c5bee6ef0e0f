import { matMulOperation, servedBy } from '@taggerjs/nn';
import * as tf from '@tensorflow/tfjs-core';

import * as browserEntry from './index';
import * as nodeEntry from './index.node';
import type { Platform } from './platform';
import { createUseWasm } from './use-wasm';

const { useWasm } = nodeEntry;

/** A product with a transpose, a reduction and a map: several kinds of tfjs operations. */
async function compute(): Promise<number[]> {
  const result = tf.tidy(() => {
    const a = tf.tensor2d(
      Float32Array.from({ length: 64 * 96 }, (_, i) => Math.sin(i)),
      [64, 96],
    );
    const b = tf.tensor2d(
      Float32Array.from({ length: 96 * 80 }, (_, i) => Math.cos(3 * i)),
      [96, 80],
    );
    return tf.concat([tf.sum(tf.matMul(a, b), 0), tf.sum(tf.sigmoid(tf.matMul(a, a, false, true)), 1)]);
  });
  const values = Array.from(await result.data());
  result.dispose();
  return values;
}

afterAll(() => tf.removeBackend('wasm'));

describe('useWasm', () => {
  it('sets the backend and describes the setup', async () => {
    expect(await useWasm({ threads: 2 })).toMatchObject({ backend: 'wasm', simd: true, threads: 2, tfjsThreads: 1 });
    expect(tf.getBackend()).toBe('wasm');
  });

  it('leaves all threads to tfjs without kernels', async () => {
    const setup = await useWasm({ threads: 2, kernels: 'off' });
    expect(setup).toMatchObject({ relaxedSimd: false, threads: 2, tfjsThreads: 2, kernels: [] });
    expect(servedBy(matMulOperation, 'wasm')).toBe('composed');
  });

  it('registers kernels by default, and removes them with the backend', async () => {
    expect((await useWasm({ threads: 2 })).kernels).toContain(matMulOperation.kernelName);
    expect(servedBy(matMulOperation, 'wasm')).toBe('kernel');
    tf.removeBackend('wasm');
    expect(servedBy(matMulOperation, 'wasm')).toBe('composed');
  });

  it("computes tfjs's own operations to the same bits with one thread as with two", async () => {
    await useWasm({ threads: 2, kernels: 'off' });
    const two = await compute();
    expect((await useWasm({ threads: 1, kernels: 'off' })).threads).toBe(1);
    expect(await compute()).toEqual(two);
    expect(two.every(Number.isFinite)).toBe(true);
  });

  it('changes nothing when called again with the same options', async () => {
    const setup = await useWasm({ threads: 2 });
    const backend = tf.backend();
    const tensor = tf.scalar(3);
    expect(await useWasm({ threads: 2 })).toBe(setup);
    expect(tf.backend()).toBe(backend);
    expect((await tensor.data())[0]).toBe(3);
    tensor.dispose();
  });

  it('sets the backend again after another was set', async () => {
    await useWasm({ threads: 2 });
    const backend = tf.backend();
    tf.registerBackend('idle', () => ({ dispose() {} }) as unknown as tf.KernelBackend);
    await tf.setBackend('idle');
    await useWasm({ threads: 2 });
    expect(tf.backend()).toBe(backend);
    tf.removeBackend('idle');
  });

  it('recreates the backend with other options, and disposes of the old one', async () => {
    await useWasm({ threads: 2 });
    const old = tf.backend();
    await useWasm({ threads: 3 });
    expect(tf.backend()).not.toBe(old);
    expect((old as unknown as { wasm: unknown }).wasm).toBeNull();
  });

  it('recreates the backend after it was removed', async () => {
    await useWasm({ threads: 2 });
    tf.removeBackend('wasm');
    await useWasm({ threads: 2 });
    expect((await compute()).every(Number.isFinite)).toBe(true);
  });

  it('applies overlapping calls one after the other', async () => {
    const setups = await Promise.all([useWasm({ threads: 1 }), useWasm({ threads: 2 }), useWasm({ threads: 2 })]);
    expect(setups.map(({ threads }) => threads)).toEqual([1, 2, 2]);
    expect(setups[1]).toBe(setups[2]);
  });

  it('refuses to lose tensors, and keeps them', async () => {
    await useWasm({ threads: 2 });
    const tensor = tf.scalar(5);
    await expect(useWasm({ threads: 1 })).rejects.toMatchObject({ code: 'NO_BACKEND' });
    expect((await tensor.data())[0]).toBe(5);
    tensor.dispose();
  });

  it('makes the heap as large as requested', async () => {
    for (const threads of [1, 2]) {
      await useWasm({ threads, initialMemoryMiB: 200 });
      const { wasm } = tf.backend() as unknown as { wasm: { HEAPU8: Uint8Array } };
      expect(wasm.HEAPU8.byteLength).toBeGreaterThanOrEqual(200 * 2 ** 20);
    }
  });

  it('says what to do if the files are missing, and keeps the present backend', async () => {
    await useWasm({ threads: 2 });
    const backend = tf.backend();
    await expect(useWasm({ threads: 2, wasmPaths: '/nowhere' })).rejects.toMatchObject({
      name: 'TaggerError',
      code: 'NO_BACKEND',
      message: expect.stringContaining('/nowhere'),
      cause: expect.objectContaining({ code: 'ENOENT' }),
    });
    expect(tf.backend()).toBe(backend);
  });

  it('loads the files from the given folder', async () => {
    const file = require.resolve('@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-simd.wasm');
    for (const wasmPaths of [
      file.slice(0, file.lastIndexOf('/')),
      { 'tfjs-backend-wasm-simd.wasm': `file://${file}` },
    ]) {
      await useWasm({ threads: 1, wasmPaths });
      expect((await compute()).every(Number.isFinite)).toBe(true);
    }
  });

  it.each([
    { threads: 0 },
    { threads: 1.5 },
    { threads: NaN },
    { initialMemoryMiB: 1 },
    { wasmPaths: 3 as never },
    { kernels: 'on' as never },
    { relaxedSimd: 1 as never },
    { replaceMatMul: 'yes' as never },
    { replaceMatMul: true, kernels: 'off' as const },
  ])('refuses %j', async (options) => {
    await expect(useWasm(options)).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });
});

describe('a platform without threads', () => {
  const refused = async (): Promise<never> => {
    throw { message: 'not made' };
  };
  const page: Platform = {
    cores: () => 8,
    threadsLimit: () => 'no threads here',
    createBackend: refused,
    canCompile: () => false,
    startKernelThread: refused,
  };

  it('refuses requested threads, and says why', async () => {
    await expect(createUseWasm(page)({ threads: 2 })).rejects.toMatchObject({
      code: 'NO_BACKEND',
      message: expect.stringContaining('no threads here'),
    });
  });

  it('falls back to one thread if none are requested, and says so', async () => {
    const asked: number[] = [];
    const useOne = createUseWasm({
      ...page,
      createBackend: (options) => {
        asked.push(options.threads);
        return refused();
      },
    });
    await expect(useOne()).rejects.toMatchObject({ code: 'NO_BACKEND', message: expect.stringContaining('not made') });
    expect(asked).toEqual([1]);
  });
});

describe('the entries', () => {
  it('export the same names for Node and for browsers', () => {
    expect(Object.keys(browserEntry).sort()).toEqual(Object.keys(nodeEntry).sort());
  });
});
