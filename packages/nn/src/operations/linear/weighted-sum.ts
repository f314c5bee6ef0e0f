import * as tf from '@tensorflow/tfjs-core';

import { TaggerError } from '../../errors';
import { defineOperation } from '../../operation';
import { requireShape } from '../../checks/shapes';

type Inputs = Record<string, tf.Scalar>;
type Attributes = { weights: readonly number[] };

/** A weighted sum of scalars. Kernel `TaggerWeightedSum`. Inputs `scalar_0`, `scalar_1`, ..; output a scalar. */
export const weightedSumOperation = /* @__PURE__ */ defineOperation<Inputs, Attributes, [tf.Scalar]>({
  kernelName: 'TaggerWeightedSum',
  check(inputs, { weights }) {
    const count = Object.keys(inputs).length;
    if (count === 0 || count !== weights.length) {
      throw new TaggerError(
        'INVALID_OPTION',
        `weightedSum: pass at least one scalar and one weight per scalar, got ${count} scalars and ${weights.length} weights.`,
      );
    }
    for (const [name, scalar] of Object.entries(inputs)) requireShape('weightedSum', name, scalar, []);
  },
  compose: (inputs, { weights }) => [
    weights
      .map((weight, i) => tf.mul(inputs[`scalar_${i}`] as tf.Scalar, weight) as tf.Scalar)
      .reduce((sum, term) => tf.add(sum, term)),
  ],
  gradient: ([dy], _saved, { weights }) =>
    Object.fromEntries(weights.map((weight, i) => [`scalar_${i}`, () => tf.mul(dy as tf.Scalar, weight)])),
});

/**
 * `sum_i weights_i scalars_i`: the weighted total of several costs. With weights 1/T it is the mean.
 *
 * @throws TaggerError `INVALID_OPTION` unless there is at least one scalar and one weight per scalar
 */
export function weightedSum(scalars: readonly tf.Scalar[], weights: readonly number[]): tf.Scalar {
  return weightedSumOperation(Object.fromEntries(scalars.map((scalar, i) => [`scalar_${i}`, scalar])), {
    weights: [...weights],
  })[0];
}
