import { expectNoLeak } from '@taggerjs-tools/testing';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';

import { useWasm } from '../index.node';
import { broadcastIndex } from './tfjs-products';

const uneven = (shape: readonly number[], seed: number) =>
  Float32Array.from({ length: tf.util.sizeFromShape([...shape]) }, (_, i) => Math.sin(3.1 * i + seed));

/** Batch dimensions (all but the last two), which are broadcast. */
const BATCHES: [a: number[], b: number[]][] = [
  [[], []],
  [[3], [3]],
  [[1], [4]],
  [[4], []],
  [[], [2, 3]],
  [
    [2, 1],
    [1, 3],
  ],
  [[2, 3], [3]],
  [[0], [1]],
];

/** op(a) op(b) in float64, with the batch dimensions broadcast. */
function reference(
  a: { shape: readonly number[]; data: Float32Array },
  b: { shape: readonly number[]; data: Float32Array },
  transposeA: boolean,
  transposeB: boolean,
): number[] {
  const batch = tf.broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const [aRows, aColumns] = a.shape.slice(-2) as [number, number];
  const [bRows, bColumns] = b.shape.slice(-2) as [number, number];
  const [rows, inner] = transposeA ? [aColumns, aRows] : [aRows, aColumns];
  const columns = transposeB ? bRows : bColumns;
  const values: number[] = [];
  for (let n = 0; n < tf.util.sizeFromShape(batch); n++) {
    const place = tf.util.indexToLoc(n, batch.length, tf.util.computeStrides(batch));
    const start = (shape: readonly number[]) => {
      const own = shape.slice(0, -2);
      const offset = batch.length - own.length;
      const index = own.reduce((at, size, d) => at * size + (size === 1 ? 0 : (place[d + offset] as number)), 0);
      return index * (shape.at(-2) as number) * (shape.at(-1) as number);
    };
    const [aStart, bStart] = [start(a.shape), start(b.shape)];
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        let sum = 0;
        for (let k = 0; k < inner; k++) {
          const left = a.data[aStart + (transposeA ? k * aColumns + i : i * aColumns + k)] as number;
          sum += left * (b.data[bStart + (transposeB ? j * bColumns + k : k * bColumns + j)] as number);
        }
        values.push(sum);
      }
    }
  }
  return values;
}

async function take(tensor: tf.Tensor): Promise<number[]> {
  const values = await tensor.data();
  tensor.dispose();
  return Array.from(values);
}

afterAll(() => tf.removeBackend('wasm'));

describe.each([1, 2])("tfjs's own products with our kernel (%i threads)", (threads) => {
  beforeAll(() => useWasm({ threads, replaceMatMul: true }));

  it('are correct for any sizes, transposes and batches', async () => {
    const size = fc.integer({ min: 0, max: 9 });
    const batch = fc.constantFrom(...BATCHES);
    await fc.assert(
      fc.asyncProperty(
        size,
        size,
        size,
        batch,
        fc.boolean(),
        fc.boolean(),
        async (M, N, K, batches, transposeA, transposeB) => {
          const [aBatch, bBatch] = batches;
          const aShape = [...aBatch, ...(transposeA ? [K, M] : [M, K])];
          const bShape = [...bBatch, ...(transposeB ? [N, K] : [K, N])];
          const [aData, bData] = [uneven(aShape, 1), uneven(bShape, 2)];
          const [a, b] = [tf.tensor(aData, aShape), tf.tensor(bData, bShape)];
          const c = tf.matMul(a, b, transposeA, transposeB);
          const expected = reference(
            { shape: aShape, data: aData },
            { shape: bShape, data: bData },
            transposeA,
            transposeB,
          );
          expect(c.size).toBe(expected.length);
          const actual = await take(c);
          actual.forEach((value, i) => expect(Math.abs(value - (expected[i] as number))).toBeLessThan(1e-5));
          tf.dispose([a, b]);
        },
      ),
      { numRuns: 200 },
    );
  });

  it.each(['linear', 'relu', 'relu6', 'sigmoid', 'elu', 'leakyrelu', 'prelu'] as const)(
    'take a bias and the activation %s, and leave nothing behind',
    async (activation) => {
      const [x, w] = [tf.tensor2d(uneven([5, 6], 1), [5, 6]), tf.tensor2d(uneven([6, 7], 2), [6, 7])];
      const [bias, alpha] = [tf.tensor1d(uneven([7], 3)), tf.tensor2d(uneven([1, 7], 4), [1, 7])];
      const fused = () =>
        tf.fused.matMul({
          a: x,
          b: w,
          bias,
          activation,
          ...(activation === 'prelu' ? { preluActivationWeights: alpha } : {}),
          ...(activation === 'leakyrelu' ? { leakyreluAlpha: 0.3 } : {}),
        });
      const steps = tf.tidy(() => {
        const y = tf.add(tf.matMul(x, w), bias);
        if (activation === 'linear') return y;
        if (activation === 'leakyrelu') return tf.leakyRelu(y, 0.3);
        return activation === 'prelu' ? tf.prelu(y, alpha) : tf[activation](y);
      });
      const expected = await take(steps);
      const actual = await take(fused());
      actual.forEach((value, i) => expect(value).toBeCloseTo(expected[i] as number, 6));
      await expectNoLeak(() => fused().dispose());
      tf.dispose([x, w, bias, alpha]);
    },
  );

  it("are correct for a reshaped matrix, unlike tfjs's", async () => {
    const w = tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]);
    expect(await take(tf.tidy(() => tf.matMul(tf.ones([1, 2]), w)))).toEqual([5, 7, 9]);
    expect(await take(tf.tidy(() => tf.matMul(tf.ones([1, 3]), tf.reshape(w, [3, 2]))))).toEqual([9, 12]);
    w.dispose();
  });

  it('refuse other dtypes than float32', () => {
    const a = tf.ones([2, 2], 'int32');
    expect(() => tf.matMul(a, a)).toThrow(expect.objectContaining({ code: 'INVALID_SHAPE' }));
    a.dispose();
  });
});

it('are left to tfjs unless an option requests them, and are restored', async () => {
  const kernels = () => ['BatchMatMul', '_FusedMatMul'].map((name) => tf.getKernel(name, 'wasm').kernelFunc);
  await useWasm({ threads: 1 });
  const ofTfjs = kernels();
  await useWasm({ threads: 1, replaceMatMul: true });
  kernels().forEach((kernel, i) => expect(kernel).not.toBe(ofTfjs[i]));
  await useWasm({ threads: 1 });
  expect(kernels()).toEqual(ofTfjs);
});

it('finds what is broadcast', () => {
  const indices = Array.from({ length: 6 }, (_, i) => broadcastIndex(i, [2, 3], [2, 1]));
  expect(indices).toEqual([0, 0, 0, 1, 1, 1]);
  expect(Array.from({ length: 6 }, (_, i) => broadcastIndex(i, [2, 3], [3]))).toEqual([0, 1, 2, 0, 1, 2]);
  expect(Array.from({ length: 6 }, (_, i) => broadcastIndex(i, [2, 3], []))).toEqual([0, 0, 0, 0, 0, 0]);
});
