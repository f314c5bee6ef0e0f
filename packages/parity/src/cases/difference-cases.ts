import {
  columnMoments,
  columnSum,
  groupSoftmax,
  matMul,
  normalize,
  relu,
  sigmoid,
  softmax,
  weightedSum,
} from '@taggerjs/nn';
import { references } from '@taggerjs/nn/testing';
import * as tf from '@tensorflow/tfjs-core';

import type { ParityCase, Quantity, Tolerance } from '../parity-case';
import { first, matMul64, tensor64 } from '../reference/tensor64';
import { OPERATION_GRADIENT } from '../tolerances';

/** The smallest positive number of float32 that is not denormal. */
const SMALLEST_NORMAL = 2 ** -126;

/** Where float32 arithmetic may differ between backends, and by how much. */
export function differenceCases(): ParityCase[] {
  const one = (
    name: string,
    operations: readonly string[],
    value: Tolerance,
    run: () => Promise<{ quantities: Quantity[]; notes?: string[] }>,
  ): ParityCase => ({
    name: `difference: ${name}`,
    group: 'difference',
    operations,
    tolerance: { value, gradient: OPERATION_GRADIENT },
    run,
  });
  return [
    one(
      'a product over an inner size of 20,000',
      ['TaggerMatMul'],
      {
        relative: 1e-4,
        absolute: 0,
        reason: 'the error of a sum grows with its length n, as its square root or as n by how it is added up',
      },
      longProduct,
    ),
    one(
      'sums of columns of 200,000 rows',
      ['TaggerColumnSum'],
      {
        relative: 2e-2,
        absolute: 0,
        reason:
          'n roundings of half a unit in the last place, the worst case of adding up one by one, are 1.2 %; ' +
          'a layer has some hundred rows',
      },
      longColumns,
    ),
    ...longNormalizations(),
    one(
      'numbers below 1.2e-38',
      ['TaggerRelu', 'TaggerWeightedSum'],
      {
        relative: 0,
        absolute: SMALLEST_NORMAL,
        reason: 'denormal numbers may be flushed to zero: GPUs do, and processors in some modes',
      },
      denormals,
    ),
    one(
      'assignments that underflow',
      ['TaggerGroupSoftmax'],
      {
        relative: 1e-6,
        absolute: SMALLEST_NORMAL,
        reason: 'm may be flushed to zero below 1.2e-38; log m must be exact to rounding',
      },
      underflow,
    ),
    one(
      'sigmoid from -87 to 87, as a share of each value',
      ['TaggerSigmoid'],
      {
        relative: 2e-5,
        absolute: 0,
        reason:
          "the last places of exp near the limits of float32: its argument's rounding, 4e-6 at 87, is the result's error",
      },
      sigmoidNearLimits,
    ),
    one(
      'softmax of logits in the thousands',
      ['TaggerSoftmax'],
      { relative: 1e-5, absolute: 1e-6, reason: 'shifted by the maximum, nothing overflows' },
      largeLogits,
    ),
  ];
}

/** Rows of an image core: a batch of images, its groups, and their pixels. */
const MANY_ROWS = 10_240;
/** Roundings of a sum of so many values that is added up in pairs, 6e-8 each. */
const PAIRWISE = Math.ceil(Math.log2(MANY_ROWS)) * 2 ** -24;

/** Batch normalization of rows whose mean is ten times their deviation: errors of the mean become errors of what is normalized. */
function longNormalizations(): ParityCase[] {
  const tolerance = (absolute: number): Tolerance => ({
    relative: PAIRWISE,
    absolute,
    reason:
      'the mean, and so everything normalized, is off by fourteen roundings of 10 if 10,240 values are added up in pairs; by ' +
      'hundreds if they are added one by one',
  });
  const wave = (i: number) => Math.sin(1.3 * i) * Math.SQRT2;
  const inputs = {
    'of 10,240 rows whose mean is 10': (row: number, column: number) => 10 + wave(row * COLUMNS + column),
    'of 10,240 rows, each of ten rows repeated': (row: number, column: number) =>
      10 + wave((row % 10) * COLUMNS + column),
  };
  return Object.entries(inputs).map(([name, input]) => ({
    name: `difference: batch normalization ${name}`,
    group: 'difference',
    operations: ['TaggerNormalize', 'TaggerNormalizeGradient', 'TaggerColumnMoments'],
    tolerance: { value: tolerance(10 * PAIRWISE), gradient: tolerance(10 * PAIRWISE) },
    run: () => longNormalization(input),
  }));
}

/** Columns of {@link longNormalizations}: a vector of four, and a part of one. */
const COLUMNS = 6;

async function longNormalization(input: (row: number, column: number) => number) {
  const shape: [number, number] = [MANY_ROWS, COLUMNS];
  const fill = (at: (row: number, column: number) => number) =>
    Float32Array.from({ length: MANY_ROWS * COLUMNS }, (_, i) => at(Math.floor(i / COLUMNS), i % COLUMNS));
  const data = fill(input);
  // Correlated with x, so that no gradient is near zero.
  const cotangent = fill((row, column) => 0.5 + 0.3 * (input(row, column) - 10) + 0.2 * Math.sin(7 * row + column));

  const expected = normalization64(data, cotangent);
  const [x, dy] = [tf.tensor2d(data, shape), tf.tensor2d(cotangent, shape)];
  const [gain, bias] = [tf.ones<tf.Rank.R1>([COLUMNS]), tf.zeros<tf.Rank.R1>([COLUMNS])];
  const { value: y, grads } = tf
    .engine()
    .gradients(() => normalize(x, { norm: 'batch', gain, bias }), [x, gain, bias], dy, true);
  const [dx, dGain, dBias] = grads as [tf.Tensor, tf.Tensor, tf.Tensor];
  const { mean, variance } = columnMoments(x);
  const gradient = async (label: string, actual: tf.Tensor, right: Float64Array): Promise<Quantity> => ({
    label: `gradient of ${label}`,
    kind: 'gradient',
    operation: 'TaggerNormalizeGradient',
    actual: await actual.data(),
    expected: right,
  });
  const quantities = [
    value('TaggerNormalize', 'normalized', await y.data(), expected.y),
    value('TaggerColumnMoments', 'means', await mean.data(), expected.mean),
    value('TaggerColumnMoments', 'variances', await variance.data(), expected.variance),
    await gradient('x', dx, expected.dx),
    // A sum over all rows of dy times what is normalized, whose errors do not cancel.
    {
      ...(await gradient('the gain', dGain, expected.dGain)),
      tolerance: {
        relative: PAIRWISE,
        absolute: 10 * PAIRWISE * Math.max(...expected.dBias),
        reason: 'the error of what is normalized, times the sum of dy',
      },
    },
    await gradient('the bias', dBias, expected.dBias),
  ];
  tf.dispose([x, dy, gain, bias, y, dx, dGain, dBias, mean, variance]);
  return { quantities };
}

/** Batch normalization of [MANY_ROWS, COLUMNS] without epsilon, and its gradients, by their formulas. */
function normalization64(x: Float32Array, dy: Float32Array) {
  const sums = (of: (i: number) => number) => {
    const result = new Float64Array(COLUMNS);
    for (let i = 0; i < x.length; i++) result[i % COLUMNS]! += of(i);
    return result;
  };
  const mean = sums((i) => x[i]! / MANY_ROWS);
  const variance = sums((i) => (x[i]! - mean[i % COLUMNS]!) ** 2 / MANY_ROWS);
  const y = Float64Array.from(x, (element, i) => (element - mean[i % COLUMNS]!) / Math.sqrt(variance[i % COLUMNS]!));
  const dBias = sums((i) => dy[i]!);
  const dGain = sums((i) => dy[i]! * y[i]!);
  const dx = Float64Array.from(dy, (g, i) => {
    const column = i % COLUMNS;
    return (g - (dBias[column]! + y[i]! * dGain[column]!) / MANY_ROWS) / Math.sqrt(variance[column]!);
  });
  return { mean, variance, y, dBias, dGain, dx };
}

const value = (operation: string, label: string, actual: ArrayLike<number>, expected: ArrayLike<number>): Quantity => ({
  label,
  kind: 'value',
  operation,
  actual,
  expected,
});

async function longProduct() {
  const n = 20_000;
  const data = (seed: number, length: number) =>
    Float32Array.from({ length }, (_, i) => 1 + 0.5 * Math.sin(1.3 * i + seed));
  const [a64, b64] = [tensor64([2, n], data(0, 2 * n)), tensor64([n, 3], data(1, 3 * n))];
  const [a, b] = [tf.tensor2d(Float32Array.from(a64.data), [2, n]), tf.tensor2d(Float32Array.from(b64.data), [n, 3])];
  const y = matMul(a, b);
  const quantities = [value('TaggerMatMul', 'product', await y.data(), matMul64(a64, b64).data)];
  tf.dispose([a, b, y]);
  return { quantities };
}

async function longColumns() {
  const [rows, columns] = [200_000, 3];
  const data = Float32Array.from({ length: rows * columns }, (_, i) => 1 + 0.5 * Math.sin(1.3 * i));
  const x = tf.tensor2d(data, [rows, columns]);
  const y = columnSum(x);
  const expected = first(references.columnSum({ x: tensor64([rows, columns], data) })).data;
  const quantities = [value('TaggerColumnSum', 'sums', await y.data(), expected)];
  tf.dispose([x, y]);
  return { quantities };
}

async function denormals() {
  const data = Float32Array.from([1e-38, 1e-39, 1e-40, 1e-45]);
  const x = tf.tensor1d(data);
  const rectified = relu(x);
  const [a, b] = [tf.scalar(2e-38), tf.scalar(1e-38)];
  const difference = weightedSum([a, b], [1, -0.5]);
  const kept = await rectified.data();
  const quantities = [
    value('TaggerRelu', 'rectified', kept, data),
    value('TaggerWeightedSum', 'difference', await difference.data(), [Math.fround(2e-38) - Math.fround(1e-38) / 2]),
  ];
  tf.dispose([x, rectified, a, b, difference]);
  return { quantities, notes: [`denormal numbers are ${kept[1] === 0 ? 'flushed to zero' : 'kept'} by relu`] };
}

async function underflow() {
  const spreads = [10, 80, 88, 95, 103, 104, 200];
  const logits = Float32Array.from([...spreads.map(() => 0), ...spreads.map((spread) => -spread)]);
  const shape = [2, 1, spreads.length];
  const x = tf.tensor3d(logits, [2, 1, spreads.length]);
  const { m, logM } = groupSoftmax(x);
  const [rightM, rightLogM] = references.groupSoftmax({ logits: tensor64(shape, logits) });
  const actual = await m.data();
  const quantities = [
    value('TaggerGroupSoftmax', 'm', actual, rightM!.data),
    value('TaggerGroupSoftmax', 'log m', await logM.data(), rightLogM!.data),
  ];
  tf.dispose([x, m, logM]);
  const lost = spreads.find((_, i) => actual[spreads.length + i] === 0);
  return { quantities, notes: [`m is zero where its logit is ${lost} below the largest`] };
}

async function sigmoidNearLimits() {
  const data = Float32Array.from({ length: 175 }, (_, i) => i - 87);
  const x = tf.tensor1d(data);
  const y = sigmoid(x);
  const actual = await y.data();
  const shares = Array.from(data, (at, i) => (actual[i] as number) * (1 + Math.exp(-at)));
  tf.dispose([x, y]);
  const quantities = [
    value(
      'TaggerSigmoid',
      'sigmoid over what is right',
      shares,
      shares.map(() => 1),
    ),
  ];
  return { quantities };
}

async function largeLogits() {
  const data = Float32Array.from([1000, 999, -1000, 0, 3000, 2999.5]);
  const x = tf.tensor2d(data, [2, 3]);
  const y = softmax(x);
  // The reference shifts by the overall maximum, rows by their own maximum, so compute one row at a time.
  const rows = [0, 1].flatMap((row) => {
    const part = tensor64([1, 3], data.subarray(3 * row, 3 * row + 3));
    return [...first(references.softmax({ x: part }, { axis: 1 })).data];
  });
  const quantities = [value('TaggerSoftmax', 'softmax', await y.data(), rows)];
  tf.dispose([x, y]);
  return { quantities };
}
