import * as tf from '@tensorflow/tfjs-core';

import { TaggerError } from '../../errors';
import { defineOperation } from '../../operation';
import { checkGroupShapes } from '../../checks/shapes';
import { sumGroups } from '../../composition/groups';
import { sumAll } from '../../composition/reductions';

type Inputs = { x: tf.Tensor2D; z: tf.Tensor3D; m: tf.Tensor3D };
type Attributes = { epsilon: number };

/**
 * Gradient of {@link bitflipCostOperation} with respect to predictions and assignments. Kernel `TaggerBitflipCostGradient`.
 *
 *     dq = -dy (1 - 2 eps) (x / q' - (1 - x) / (1 - q')) / (B N),   dz_k = m_k dq,   dm_k = z_k dq
 *
 * Inputs: dy [], and those of the operation; attribute: epsilon; outputs dz and dm, both [K, B, N].
 */
export const bitflipCostGradientOperation = /* @__PURE__ */ defineOperation<
  Inputs & { dy: tf.Scalar },
  Attributes,
  [tf.Tensor3D, tf.Tensor3D]
>({
  kernelName: 'TaggerBitflipCostGradient',
  check({ dy, x, z, m }) {
    checkGroupShapes('bitflipCostGradient', { input: { x }, groups: { z, m }, scalars: { dy } });
  },
  compose({ dy, x, z, m }, { epsilon }) {
    const { one, zero } = mixture(z, m, epsilon);
    const slope = tf.sub<tf.Tensor2D>(tf.div(x, one), tf.div(tf.sub(1, x), zero));
    const dq = tf.mul(slope, tf.mul(dy, (2 * epsilon - 1) / x.size));
    return [tf.mul(m, dq), tf.mul(z, dq)];
  },
});

/**
 * The denoising cost of binary inputs; see {@link bitflipCost}. Kernel `TaggerBitflipCost`.
 *
 * Inputs: x [B, N], z and m [K, B, N]; attribute: epsilon; output a scalar.
 */
export const bitflipCostOperation = /* @__PURE__ */ defineOperation<Inputs, Attributes, [tf.Scalar]>({
  kernelName: 'TaggerBitflipCost',
  check({ x, z, m }, { epsilon }) {
    checkGroupShapes('bitflipCost', { input: { x }, groups: { z, m } });
    if (!(epsilon >= 1e-6 && epsilon < 0.5)) {
      throw new TaggerError(
        'INVALID_OPTION',
        `bitflipCost: epsilon must be at least 1e-6 (below, rounding could make 1 - q negative) and below 0.5, not ${epsilon}.`,
      );
    }
  },
  compose({ x, z, m }, { epsilon }) {
    const { one, zero } = mixture(z, m, epsilon);
    const logLikelihood = tf.add<tf.Tensor2D>(tf.mul(x, tf.log(one)), tf.mul(tf.sub(1, x), tf.log(zero)));
    return [tf.mul(sumAll(logLikelihood), -1 / x.size)];
  },
  saves: { inputs: ['x', 'z', 'm'] },
  gradient([dy], [x, z, m], { epsilon }) {
    const inputs = { dy: dy as tf.Scalar, x: x as tf.Tensor2D, z: z as tf.Tensor3D, m: m as tf.Tensor3D };
    const [dz, dm] = bitflipCostGradientOperation(inputs, { epsilon });
    return {
      z: () => dz,
      m: () => dm,
      x: () => {
        const { one, zero } = mixture(inputs.z, inputs.m, epsilon);
        return tf.mul(tf.sub(tf.log(one), tf.log(zero)), tf.mul(inputs.dy, -1 / inputs.x.size));
      },
    };
  },
});

/**
 * The denoising cost of binary inputs: the cross-entropy of the clean input and the mixture of the groups'
 * predictions (Eq. 6), mean over batch and elements.
 *
 *     q = sum_k m_k z_k;   q' = (1 - 2 eps) q + eps
 *     cost = mean -[ x log q' + (1 - x) log(1 - q') ]
 *
 * The cost uses m, not its logarithm, and eps bounds the slope, so gradients are finite even if m underflows or z is exactly
 * 0 or 1.
 *
 * @param x clean input: [B, N], in [0, 1]
 * @param z predictions of the groups: [K, B, N], in [0, 1]
 * @param m assignments: [K, B, N], summing to one over groups
 * @param options `epsilon`: keeps the logarithm finite, in [1e-6, 0.5); 1e-4 by default
 * @returns the cost, a scalar, in nats per element
 * @throws TaggerError `INVALID_SHAPE`, `INVALID_OPTION`
 */
export function bitflipCost(
  x: tf.Tensor2D,
  z: tf.Tensor3D,
  m: tf.Tensor3D,
  { epsilon = 1e-4 }: { readonly epsilon?: number } = {},
): tf.Scalar {
  return bitflipCostOperation({ x, z, m }, { epsilon })[0];
}

/**
 * The probabilities of a one and of a zero, q' and 1 - q': [B, N]. The latter is computed from 1 - q, which is exact near q =
 * 1; 1 - q' would lose the contribution of epsilon.
 */
function mixture(z: tf.Tensor3D, m: tf.Tensor3D, epsilon: number): { one: tf.Tensor2D; zero: tf.Tensor2D } {
  const q = sumGroups(tf.mul(m, z));
  return {
    one: tf.add(tf.mul(q, 1 - 2 * epsilon), epsilon),
    zero: tf.add(tf.mul(tf.sub(1, q), 1 - 2 * epsilon), epsilon),
  };
}
