import { columnSum, groupSoftmax, matMul, relu, sigmoid, softmax, weightedSum } from '@taggerjs/nn';
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
