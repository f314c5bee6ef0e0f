import * as tf from '@tensorflow/tfjs-core';

import { TaggerError } from '../../errors';
import { defineOperation } from '../../operation';

type Inputs = { p: tf.Tensor2D };
type Attributes = { groups: number };

/** Prevents 0 / 0 if every group is certain of "no object"; negligible in float32 otherwise. */
const FLOOR = 1e-16;

/**
 * The posterior of the classes; see {@link classPosterior}. Kernel `TaggerClassPosterior`.
 *
 * Inputs: p [K*B, C + 1]; attribute: groups; output [B, C].
 */
export const classPosteriorOperation = /* @__PURE__ */ defineOperation<Inputs, Attributes, [tf.Tensor2D]>({
  kernelName: 'TaggerClassPosterior',
  check({ p }, { groups }) {
    if (!Number.isInteger(groups) || groups < 1) {
      throw new TaggerError('INVALID_OPTION', `classPosterior: groups must be a positive integer, not ${groups}.`);
    }
    const [rows = 0, columns = 0] = p.shape;
    if (p.rank !== 2 || rows % groups !== 0 || columns < 2) {
      throw new TaggerError(
        'INVALID_SHAPE',
        `classPosterior: expected probabilities [K*B, C + 1] with K = ${groups} and at least one class, got ` +
          `[${p.shape}].`,
      );
    }
  },
  compose({ p }, { groups }) {
    const { mass, total } = classMass(p, groups);
    return [tf.div(mass, total)];
  },
  saves: { inputs: ['p'], outputs: [true] },
  gradient([dy], [p, y], { groups }) {
    return {
      // y_c = S_c / S with S = sum_c S_c: dS_c = (dy_c - sum_c' dy_c' y_c') / S, the same for every group
      p: () => {
        const g = dy as tf.Tensor2D;
        const { total } = classMass(p as tf.Tensor2D, groups);
        const ofRow = tf.div<tf.Tensor2D>(tf.sub(g, tf.sum(tf.mul(g, y as tf.Tensor2D), 1, true)), total);
        const ofGroup = tf.concat<tf.Tensor2D>([ofRow, tf.zeros([g.shape[0], 1])], 1); // "no object" gets no gradient
        return tf.concat(new Array<tf.Tensor2D>(groups).fill(ofGroup), 0); // [B, C + 1] -> [K*B, C + 1]
      },
    };
  },
});

/**
 * The probability of each class, from each group's class probabilities, the last of which means "no object".
 *
 *     posterior_c = sum_k p_(k,c) / sum_(k,c') p_(k,c')      over the C real classes
 *
 * If every group is certain of "no object" the classes are equally probable.
 *
 * @param p each group's class probabilities: [K*B, C + 1], group-major, rows summing to one
 * @param options `groups`: K
 * @returns [B, C], rows sum to one
 * @throws TaggerError `INVALID_SHAPE`, `INVALID_OPTION`
 */
export function classPosterior(p: tf.Tensor2D, { groups }: { readonly groups: number }): tf.Tensor2D {
  return classPosteriorOperation({ p }, { groups })[0];
}

/** S_c = sum_k p_(k,c) [B, C] and S = sum_c S_c [B, 1]. */
function classMass(p: tf.Tensor2D, groups: number): { mass: tf.Tensor2D; total: tf.Tensor2D } {
  const [rows, columns] = p.shape;
  const classes = columns - 1;
  const batch = rows / groups;
  const byGroup = tf.reshape(p, [groups, batch * columns]); // [K*B, C + 1] -> [K, B*(C + 1)]
  const summed = tf.reshape(tf.sum(byGroup, 0), [batch, columns]);
  const mass = tf.add<tf.Tensor2D>(tf.slice(summed, [0, 0], [batch, classes]), FLOOR);
  return { mass, total: tf.sum(mass, 1, true) };
}
