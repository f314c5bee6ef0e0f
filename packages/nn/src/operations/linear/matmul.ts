import * as tf from '@tensorflow/tfjs-core';

import { TaggerError } from '../../errors';
import { defineOperation } from '../../operation';

type Inputs = { a: tf.Tensor2D; b: tf.Tensor2D };
type Attributes = { transposeA: boolean; transposeB: boolean };

/**
 * The product of two matrices, `op(a) op(b)`, where op optionally transposes. Kernel `TaggerMatMul`.
 *
 * Inputs: a [M, K] (or [K, M] with `transposeA`), b [K, N] (or [N, K] with `transposeB`); output [M, N].
 */
export const matMulOperation = /* @__PURE__ */ defineOperation<Inputs, Attributes, [tf.Tensor2D]>({
  kernelName: 'TaggerMatMul',
  check({ a, b }, { transposeA, transposeB }) {
    const inner = [a.shape[transposeA ? 0 : 1], b.shape[transposeB ? 1 : 0]];
    if (a.rank !== 2 || b.rank !== 2 || inner[0] !== inner[1]) {
      throw new TaggerError(
        'INVALID_SHAPE',
        `matMul: the inner sizes of a [${a.shape}]${transposeA ? ' transposed' : ''} and b [${b.shape}]` +
          `${transposeB ? ' transposed' : ''} must be equal, and both must be matrices.`,
      );
    }
  },
  compose: ({ a, b }, { transposeA, transposeB }) => [multiply(a, ownShape(b), transposeA, transposeB)],
  saves: { inputs: ['a', 'b'] },
  gradient([dy], [a, b], { transposeA, transposeB }) {
    const g = dy as tf.Tensor2D;
    const x = a as tf.Tensor2D;
    const w = b as tf.Tensor2D;
    return {
      // y = op(a) op(b): d op(a) = dy op(b)^T, d op(b) = op(a)^T dy
      a: () =>
        transposeA
          ? matMul(w, g, { transposeA: transposeB, transposeB: true })
          : matMul(g, w, { transposeB: !transposeB }),
      b: () =>
        transposeB
          ? matMul(g, x, { transposeA: true, transposeB: transposeA })
          : matMul(x, g, { transposeA: !transposeA }),
    };
  },
});

/**
 * Matrix product `op(a) op(b)`.
 *
 * @param a [M, K], or [K, M] with `transposeA`
 * @param b [K, N], or [N, K] with `transposeB`
 * @returns [M, N]
 * @throws TaggerError `INVALID_SHAPE` if the inner sizes differ
 */
export function matMul(
  a: tf.Tensor2D,
  b: tf.Tensor2D,
  { transposeA = false, transposeB = false }: { readonly transposeA?: boolean; readonly transposeB?: boolean } = {},
): tf.Tensor2D {
  return matMulOperation({ a, b }, { transposeA, transposeB })[0];
}

/**
 * tfjs's transposed product runs a scalar path on WASM, ten times slower than transposing first. But a transpose of a single
 * row or column shares its data with the original, and WASM caches packed operands by data, whatever the shape. Such products
 * are small, and take the slow but correct path. TensorFlow transposes while it multiplies.
 */
function multiply(a: tf.Tensor2D, b: tf.Tensor2D, transposeA: boolean, transposeB: boolean): tf.Tensor2D {
  const isThin = (t: tf.Tensor2D) => t.shape[0] <= 1 || t.shape[1] <= 1;
  if (isThin(a) || isThin(b) || tf.getBackend() === 'tensorflow') return tf.matMul(a, b, transposeA, transposeB);
  return tf.matMul(transposeA ? tf.transpose(a) : a, transposeB ? tf.transpose(b) : b);
}

/** The shape under which each second factor was first multiplied, by its memory. */
const packed = new WeakMap<object, string>();

/**
 * Returns a second factor, or a copy if its data was multiplied under another shape before: tfjs's WASM backend caches the
 * packed second factor by its memory, whatever the shape, so the product with a reshaped view would be wrong.
 */
function ownShape(b: tf.Tensor2D): tf.Tensor2D {
  const shape = b.shape.join();
  const before = packed.get(b.dataId);
  if (before === undefined) packed.set(b.dataId, shape);
  return before === undefined || before === shape ? b : tf.mul(b, 1);
}
