import { adamUpdateOperation } from '@taggerjs/nn';
import { util } from '@tensorflow/tfjs-core';

import type { OwnKernel } from './own-kernel';

/** One Adam step in one pass; see assembly/adam-update.ts. */
export const adamUpdateKernel: OwnKernel = {
  operation: adamUpdateOperation,
  kernel:
    ({ pool, output, offset }) =>
    ({ inputs, attrs }) => {
      const { parameter, gradient, m, v } = inputs as unknown as Record<string, { dataId: object; shape: number[] }>;
      const { learningRate, beta1, beta2, epsilon, step } = attrs as unknown as Record<string, number>;
      const { shape } = parameter!;
      const [newParameter, newM, newV] = [output(shape), output(shape), output(shape)];
      pool.compute((kernels) =>
        kernels.adamUpdate(
          pool.control,
          util.sizeFromShape(shape),
          offset(parameter!),
          offset(gradient!),
          offset(m!),
          offset(v!),
          offset(newParameter),
          offset(newM),
          offset(newV),
          beta1!,
          beta2!,
          1 / Math.sqrt(1 - beta2! ** step!),
          epsilon!,
          learningRate! / (1 - beta1! ** step!),
        ),
      );
      return [newParameter, newM, newV];
    },
};
