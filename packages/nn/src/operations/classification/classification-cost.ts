import * as tf from '@tensorflow/tfjs-core';

import { TaggerError } from '../../errors';
import { defineOperation } from '../../operation';
import { sameShape } from '../../tree';

type Inputs = { posterior: tf.Tensor2D; targets: tf.Tensor2D };

/** Prevents log 0; negligible in float32 otherwise. */
const FLOOR = 1e-30;

/**
 * The classification cost; see {@link classificationCost}. Kernel `TaggerClassificationCost`.
 *
 * Inputs: posterior and targets [B, C]; output a scalar. The targets have no gradient.
 */
export const classificationCostOperation = /* @__PURE__ */ defineOperation<Inputs, Record<string, never>, [tf.Scalar]>({
  kernelName: 'TaggerClassificationCost',
  check({ posterior, targets }) {
    const fits = posterior.rank === 2 && sameShape(posterior.shape, targets.shape);
    if (!fits) {
      throw new TaggerError(
        'INVALID_SHAPE',
        `classificationCost: expected posterior [B, C] and targets [B, C], got posterior ` +
          `[${posterior.shape}], targets [${targets.shape}].`,
      );
    }
  },
  compose({ posterior, targets }) {
    const perExample = tf.sum(tf.mul(perObject(targets), tf.log(tf.add(posterior, FLOOR))), 1);
    return [tf.neg(tf.mean<tf.Scalar>(perExample))];
  },
  saves: { inputs: ['posterior', 'targets'] },
  gradient: ([dy], [posterior, targets]) => ({
    posterior: () => {
      const p = posterior as tf.Tensor2D;
      const share = tf.mul(dy as tf.Scalar, -1 / p.shape[0]);
      return tf.mul(tf.div(perObject(targets as tf.Tensor2D), tf.add(p, FLOOR)), share);
    },
  }),
});

/**
 * The classification cost: the cross-entropy of the class posterior with the k-hot target divided by the number of
 * objects, mean over the batch.
 *
 *     cost = mean_b -sum_c t_(b,c) / n_b log posterior_(b,c),      n_b = sum_c t_(b,c)
 *
 * An example without objects counts as zero.
 *
 * @param posterior [B, C], rows summing to one
 * @param targets t: [B, C], how many objects of each class an example has
 * @returns the cost, a scalar, in nats per example
 * @throws TaggerError `INVALID_SHAPE`
 */
export function classificationCost(posterior: tf.Tensor2D, targets: tf.Tensor2D): tf.Scalar {
  return classificationCostOperation({ posterior, targets }, {})[0];
}

/** The targets divided by the number of objects: [B, C]. */
function perObject(targets: tf.Tensor2D): tf.Tensor2D {
  return tf.div(targets, tf.maximum(tf.sum(targets, 1, true), 1));
}
