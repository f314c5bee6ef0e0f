import * as tf from '@tensorflow/tfjs-core';

import { useWasm } from '../index.node';

afterAll(() => tf.removeBackend('wasm'));

/** Values whose sums round. */
const numbers = (size: number, seed: number) =>
  Float32Array.from({ length: size }, (_, i) => Math.fround(Math.sin(seed * (i + 1)) * 10 ** ((i % 7) - 3)));

describe.each([1, 2])("tfjs's addition (%i threads)", (threads) => {
  beforeAll(() => useWasm({ threads }));

  it.each([[[]], [[3]], [[4, 5, 7]], [[300, 301]], [[0, 3]]])('is exact for shape %j', async (shape) => {
    const size = tf.util.sizeFromShape(shape);
    const [x, y] = [numbers(size, 1.3), numbers(size, 2.9)];
    const [a, b] = [tf.tensor(x, shape), tf.tensor(y, shape)];
    const sum = tf.add(a, b);
    expect(sum.shape).toEqual(shape);
    expect(await sum.data()).toEqual(x.map((value, i) => value + y[i]!));
    tf.dispose([a, b, sum]);
  });

  it('still broadcasts, and adds integers', async () => {
    const [matrix, row] = [tf.tensor2d([[1, 2], [3, 4]]), tf.tensor1d([10, 20])]; // prettier-ignore
    const [count, one] = [tf.tensor1d([1, 2], 'int32'), tf.scalar(1, 'int32')];
    const [broadcast, integers, doubled] = [tf.add(matrix, row), tf.add(count, one), tf.add(count, count)];
    expect(Array.from(await broadcast.data())).toEqual([11, 22, 13, 24]);
    expect([integers.dtype, ...(await integers.data())]).toEqual(['int32', 2, 3]);
    expect(Array.from(await doubled.data())).toEqual([2, 4]);
    tf.dispose([matrix, row, count, one, broadcast, integers, doubled]);
  });
});

it('is restored when the backend is removed', async () => {
  await useWasm({ kernels: 'off', threads: 1 });
  const { kernelFunc } = tf.getKernel('Add', 'wasm');
  await useWasm({ threads: 1 });
  expect(tf.getKernel('Add', 'wasm').kernelFunc).not.toBe(kernelFunc);
  await useWasm({ kernels: 'off', threads: 1 });
  expect(tf.getKernel('Add', 'wasm').kernelFunc).toBe(kernelFunc);
});
