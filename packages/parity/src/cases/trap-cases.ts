import { bitflipCost, columnSum, dense, matMul, reshape, sumOfSquares } from '@taggerjs/nn';
import { references, uneven } from '@taggerjs/nn/testing';
import * as tf from '@tensorflow/tfjs-core';

import { measureError } from '../measure-error';
import type { CaseContext, ParityCase, Quantity } from '../parity-case';
import { first, matMul64, tensor64 } from '../reference/tensor64';
import { OPERATION_GRADIENT, OPERATION_VALUE } from '../tolerances';

const tolerance = { value: OPERATION_VALUE, gradient: OPERATION_GRADIENT };

/**
 * Known mistakes of TensorFlow.js on some backend, each with the operation of this project that might run into it, which must
 * be correct. The result of TensorFlow.js is noted, but is not a failure.
 */
export function trapCases(): ParityCase[] {
  return [
    {
      name: 'trap: a matrix, then the same values under another shape, as second factor',
      group: 'trap',
      operations: ['TaggerMatMul', 'TaggerReshape'],
      tolerance,
      run: runReshapedFactor,
    },
    {
      name: 'trap: product with bias and a transposed factor, inner size above 48',
      group: 'trap',
      operations: ['TaggerMatMul', 'TaggerAddBias'],
      tolerance,
      run: runFusedTransposed,
    },
    {
      name: 'trap: sums over 2.4 million values around 100',
      group: 'trap',
      operations: ['TaggerSumOfSquares', 'TaggerColumnSum', 'TaggerBitflipCost'],
      tolerance: {
        value: {
          relative: 2e-5,
          absolute: 0,
          reason: 'summed by chunks, whose partial sums are rounded; one by one in float32 it is off by a percent',
        },
        gradient: OPERATION_GRADIENT,
      },
      run: runLongSums,
    },
    {
      name: 'trap: gradients without those that TensorFlow.js registers',
      group: 'trap',
      operations: ['TaggerMatMul', 'TaggerAddBias'],
      tolerance,
      run: runGather,
    },
  ];
}

const float32 = (shape: readonly number[], options: Parameters<typeof uneven>[1] = {}) =>
  tensor64(shape, Float32Array.from(uneven(shape, options).data));

/** TensorFlow.js's WASM backend caches the packed second factor by its memory, whatever its shape. */
async function runReshapedFactor() {
  const [x64, w64, y64] = [float32([3, 8]), float32([8, 12], { seed: 1 }), float32([5, 12], { seed: 2 })];
  const quantities: Quantity[] = [];
  const x = tf.tensor2d(Float32Array.from(x64.data), [3, 8]);
  const w = tf.tensor2d(Float32Array.from(w64.data), [8, 12]);
  const y = tf.tensor2d(Float32Array.from(y64.data), [5, 12]);
  const other = reshape<tf.Rank.R2>(w, [12, 8]);
  const products = [
    ['x W', matMul(x, w), matMul64(x64, w64)],
    ['y W under another shape', matMul(y, other), matMul64(y64, { ...w64, shape: [12, 8] })],
    ['x W again', matMul(x, w), matMul64(x64, w64)],
  ] as const;
  for (const [label, product, { data }] of products) {
    quantities.push({ label, kind: 'value', operation: 'TaggerMatMul', actual: await product.data(), expected: data });
    product.dispose();
  }
  tf.dispose([x, w, y, other]);
  return {
    quantities,
    // Running it might end the process.
    notes: ['what tf.matMul gives here on WASM is not tried: it may abort the module'],
  };
}

async function runFusedTransposed({ backend }: CaseContext) {
  const [rows, inner, columns] = [9, 64, 7];
  const [x64, w64, bias64] = [float32([rows, inner]), float32([columns, inner], { seed: 1 }), float32([columns])];
  const turned = tensor64(
    [inner, columns],
    Float64Array.from(
      { length: inner * columns },
      (_, i) => w64.data[(i % columns) * inner + Math.floor(i / columns)]!,
    ),
  );
  const expected = first(references.addBias({ x: matMul64(x64, turned), bias: bias64 }, { activation: 'none' })).data;
  const x = tf.tensor2d(Float32Array.from(x64.data), [rows, inner]);
  const w = tf.tensor2d(Float32Array.from(w64.data), [columns, inner]);
  const straight = tf.tensor2d(Float32Array.from(turned.data), [inner, columns]);
  const bias = tf.tensor1d(Float32Array.from(bias64.data));
  const plain = matMul(x, w, { transposeB: true });
  const ours = dense(x, straight, { bias });
  const quantities: Quantity[] = [
    {
      label: 'x W^T',
      kind: 'value',
      operation: 'TaggerMatMul',
      actual: await plain.data(),
      expected: matMul64(x64, turned).data,
    },
    { label: 'x W + b', kind: 'value', operation: 'TaggerAddBias', actual: await ours.data(), expected },
  ];
  const notes = await noteOf(`tf.fused.matMul with bias and transposeB on ${backend}`, expected, () =>
    tf.fused.matMul({ a: x, b: w, transposeB: true, bias }),
  );
  tf.dispose([x, w, straight, bias, plain, ours]);
  return { quantities, notes };
}

async function runLongSums({ backend }: CaseContext) {
  const [rows, columns] = [1200, 2000];
  const values = Float32Array.from({ length: rows * columns }, (_, i) => 100 + Math.sin(i));
  const exact = values.reduce((sum, value) => sum + value, 0);
  const squares = values.reduce((sum, value) => sum + value * value, 0);
  const x = tf.tensor2d(values, [rows, columns]);
  const ofSquares = sumOfSquares(x);
  const perColumn = columnSum(x);
  const expectedColumns = new Float64Array(columns);
  values.forEach((value, i) => (expectedColumns[i % columns]! += value));
  // A cost over as many elements: every prediction 0.3 of a one.
  const z = tf.fill([1, rows, columns], 0.3) as tf.Tensor3D;
  const [ones, certain] = [tf.ones([rows, columns]) as tf.Tensor2D, tf.onesLike(z)];
  const cost = bitflipCost(ones, z, certain);
  const quantities: Quantity[] = [
    {
      label: 'sum of squares',
      kind: 'value',
      operation: 'TaggerSumOfSquares',
      actual: await ofSquares.data(),
      expected: [squares],
    },
    {
      label: 'sums of columns',
      kind: 'value',
      operation: 'TaggerColumnSum',
      actual: await perColumn.data(),
      expected: expectedColumns,
    },
    {
      label: 'denoising cost',
      kind: 'value',
      operation: 'TaggerBitflipCost',
      actual: await cost.data(),
      expected: [-Math.log(Math.fround(0.3) * (1 - 2e-4) + 1e-4)],
    },
  ];
  const notes = await noteOf(`tf.sum of all values on ${backend}`, [exact], () => tf.sum(x));
  tf.dispose([x, ofSquares, perColumn, z, ones, certain, cost]);
  return { quantities, notes };
}

/** Costs and layers get their gradients from this project alone; `tf.gather`, say, has none on some backends. */
async function runGather({ backend }: CaseContext) {
  const [x64, w64] = [float32([4, 6]), float32([6, 5], { seed: 1 })];
  const [x, w] = [tf.tensor2d(Float32Array.from(x64.data), [4, 6]), tf.tensor2d(Float32Array.from(w64.data), [6, 5])];
  const bias = tf.zeros<tf.Rank.R1>([5]);
  const dy = tf.ones<tf.Rank.R2>([4, 5]);
  const { value, grads } = tf.engine().gradients(() => dense(x, w, { bias }), [w, bias], dy, true);
  const [dw, dBias] = grads as [tf.Tensor, tf.Tensor];
  const quantities: Quantity[] = [
    {
      label: 'gradient of the weights',
      kind: 'gradient',
      operation: 'TaggerMatMul',
      actual: await dw.data(),
      expected: Float64Array.from({ length: 30 }, (_, i) => {
        const row = Math.floor(i / 5);
        return [0, 1, 2, 3].reduce((sum, r) => sum + x64.data[r * 6 + row]!, 0);
      }),
    },
    {
      label: 'gradient of the bias',
      kind: 'gradient',
      operation: 'TaggerAddBias',
      actual: await dBias.data(),
      expected: new Float64Array(5).fill(4),
    },
  ];
  tf.dispose([value, ...grads, dy]);
  const indices = tf.tensor1d([0, 2, 2], 'int32');
  const expected = Float64Array.from({ length: 24 }, (_, i) => [1, 0, 2, 0][Math.floor(i / 6)] as number);
  // Without its kernel the gradient throws, and TensorFlow.js leaks what it kept for it: not tried then.
  const notes =
    tf.getKernel('UnsortedSegmentSum', backend) === undefined
      ? [`the gradient of tf.gather on ${backend}: has no kernel (UnsortedSegmentSum)`]
      : await noteOf(`the gradient of tf.gather on ${backend}`, expected, () =>
          tf.tidy(() => tf.grad((at) => tf.gather(at, indices))(x)),
        );
  tf.dispose([x, w, bias, indices]);
  return { quantities, notes };
}

/** What TensorFlow.js gives, beside what is right. */
async function noteOf(what: string, expected: ArrayLike<number>, compute: () => tf.Tensor): Promise<string[]> {
  let result: tf.Tensor;
  try {
    result = tf.tidy(compute);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return [`${what}: throws (${(reason.split('\n')[0] as string).slice(0, 120)})`];
  }
  const figures = measureError({ label: what, kind: 'value', actual: await result.data(), expected }, OPERATION_VALUE);
  result.dispose();
  const off = figures.relative === null ? figures.where : `off by ${(100 * figures.relative).toPrecision(2)} %`;
  return [`${what}: ${figures.agrees ? 'right' : `wrong, ${off}`}`];
}
