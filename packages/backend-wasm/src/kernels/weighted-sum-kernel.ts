import { weightedSumOperation } from '@taggerjs/nn';
import type { TensorInfo } from '@tensorflow/tfjs-core';

import type { OwnKernel } from './own-kernel';

/** The weighted sum of scalars, rounded to float32 after each product and each sum. */
export const weightedSumKernel: OwnKernel = {
  operation: weightedSumOperation,
  kernel:
    ({ output, values }) =>
    ({ inputs, attrs }) => {
      const { weights } = attrs as unknown as { weights: readonly number[] };
      const result = output([]);
      const terms = weights.map((weight, i) => {
        const scalar = values(inputs[`scalar_${i}`] as TensorInfo)[0] as number;
        return Math.fround(Math.fround(weight) * scalar);
      });
      values(result)[0] = terms.reduce((sum, term) => Math.fround(sum + term));
      return result;
    },
};
