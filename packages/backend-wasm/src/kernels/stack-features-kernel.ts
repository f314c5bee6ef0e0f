import { stackFeaturesGradientOperation, stackFeaturesOperation } from '@taggerjs/nn';

import type { OwnKernel } from './own-kernel';

type Attributes = { readonly groups: number; readonly batch: number; readonly size: number };

/** Concatenates features; see assembly/stack-features.ts. */
export const stackFeaturesKernel: OwnKernel = {
  operation: stackFeaturesOperation,
  kernel:
    ({ pool, output, offset }) =>
    ({ inputs, attrs }) => {
      const { groups, batch, size } = attrs as unknown as Attributes;
      const features = Object.keys(inputs).map((_, i) => inputs[`feature_${i}`]!);
      const rows = groups * batch;
      const stacked = output([rows, features.length * size]);
      const stride = 4 * features.length * size;
      pool.compute((kernels) => {
        for (const [i, feature] of features.entries()) {
          const to = offset(stacked) + 4 * i * size;
          kernels.copyRows(pool.control, rows, 4 * size, offset(feature), 4 * size, to, stride);
        }
      });
      return stacked;
    },
};

/** The gradient of {@link stackFeaturesKernel}: splits the features again. */
export const stackFeaturesGradientKernel: OwnKernel = {
  operation: stackFeaturesGradientOperation,
  kernel:
    ({ pool, output, offset }) =>
    ({ inputs, attrs }) => {
      const { groups, batch, size } = attrs as unknown as Attributes;
      const { dy } = inputs as unknown as Record<'dy', { dataId: object; shape: number[] }>;
      const rows = groups * batch;
      const [, columns] = dy.shape as [number, number];
      const features = Array.from({ length: columns / size }, () => output([groups, batch, size]));
      pool.compute((kernels) => {
        for (const [i, feature] of features.entries()) {
          const from = offset(dy) + 4 * i * size;
          kernels.copyRows(pool.control, rows, 4 * size, from, 4 * columns, offset(feature), 4 * size);
        }
      });
      return features;
    },
};
