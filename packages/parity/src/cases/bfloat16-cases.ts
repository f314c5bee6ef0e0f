import { matMul } from '@taggerjs/nn';
import { references, uneven } from '@taggerjs/nn/testing';
import * as tf from '@tensorflow/tfjs-core';

import type { ParityCase, Quantity, Tolerance } from '../parity-case';
import { first, tensor64 } from '../reference/tensor64';

/** Half of the largest relative error of rounding to bfloat16, 2^-8. No product of these cases is further off. */
const UNIT = 2 ** -9;

/** The largest relative error of rounding to float32. */
const FLOAT32_UNIT = 2 ** -24;

/**
 * Matrix products with operands rounded to bfloat16, for backends that were set up with such a precision. Their products fail
 * the tolerances of other cases.
 */
export function bfloat16Cases(): ParityCase[] {
  return SIZES.flatMap(([rows, inner, columns]) =>
    [false, true].flatMap((transposeA) =>
      [false, true].map((transposeB): ParityCase => {
        const value: Tolerance = {
          relative: 0,
          absolute: 2 * UNIT + UNIT ** 2 + inner * FLOAT32_UNIT,
          reason:
            'products of operands that are off by 2^-9 are off by (1 + 2^-9)^2 - 1, half of what rounding can do; a sum of k ' +
            'terms in float32 is off by k 2^-24; both as a share of the sum of the absolute values of the terms',
        };
        return {
          name: `bfloat16: [${rows}, ${inner}] x [${inner}, ${columns}]${transposeA ? ', a transposed' : ''}${transposeB ? ', b transposed' : ''}`,
          group: 'difference',
          operations: ['TaggerMatMul'],
          tolerance: { value, gradient: value },
          run: () => product({ rows, inner, columns, transposeA, transposeB }, value),
        };
      }),
    ),
  );
}

/** Odd sizes, which reach every border of a block, and layers. */
const SIZES = [
  [1, 1, 1],
  [5, 7, 3],
  [33, 65, 49],
  [64, 500, 250],
  [20, 4200, 30],
] as const;

interface Case {
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

async function product(size: Case, unrounded: Tolerance): Promise<{ quantities: Quantity[] }> {
  const { rows, inner, columns, ...transposes } = size;
  const { transposeA, transposeB } = transposes;
  const shapeOfA: [number, number] = transposeA ? [inner, rows] : [rows, inner];
  const shapeOfB: [number, number] = transposeB ? [columns, inner] : [inner, columns];
  const given = {
    a: Float32Array.from(uneven(shapeOfA, { seed: 1 }).data),
    b: Float32Array.from(uneven(shapeOfB, { seed: 2 }).data),
  };
  const [a, b] = [tf.tensor2d(given.a, shapeOfA), tf.tensor2d(given.b, shapeOfB)];
  const y = matMul(a, b, transposes);
  const actual = await y.data();
  tf.dispose([a, b, y]);

  const multiply = (change: (value: number) => number) => {
    const [x, w] = [tensor64(shapeOfA, given.a.map(change)), tensor64(shapeOfB, given.b.map(change))];
    return first(references.matMul({ a: x, b: w }, transposes)).data;
  };
  /** The sum of the absolute values of the terms of each element. */
  const sizes = multiply(Math.abs);
  const share = (values: ArrayLike<number>) => Array.from(values, (value, i) => value / (sizes[i] as number));
  return {
    quantities: [
      {
        label: 'product',
        kind: 'value',
        actual: share(actual),
        expected: share(multiply((value) => value)),
        tolerance: unrounded,
      },
      {
        label: 'product of operands rounded to bfloat16',
        kind: 'value',
        actual: share(actual),
        expected: share(multiply(roundToBfloat16)),
        tolerance: {
          relative: 0,
          absolute: inner * FLOAT32_UNIT,
          reason:
            'nothing but the operands is rounded to bfloat16: a sum of k terms in float32 is off by k 2^-24 at most',
        },
      },
    ],
  };
}

/** The nearest number with 8 significant bits; ties to even. */
function roundToBfloat16(value: number): number {
  const bits = new Uint32Array(Float32Array.of(value).buffer);
  const word = bits[0] as number;
  bits[0] = (word + 0x7fff + ((word >>> 16) & 1)) & 0xffff0000;
  return new Float32Array(bits.buffer)[0] as number;
}
