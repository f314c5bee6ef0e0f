import { ofChannels, stackFeaturesGradientOperation, stackFeaturesOperation } from '@taggerjs/nn';

import type { OwnKernel } from './own-kernel';

type Attributes = { readonly groups: number; readonly batch: number; readonly size: number };
type Planes = Attributes & { readonly planes: readonly number[] };

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

/** Concatenates features of pixels with several channels, as planes; see assembly/stack-features.ts. */
export const stackFeaturesOfChannelsKernel: OwnKernel = {
  operation: /* @__PURE__ */ ofChannels(stackFeaturesOperation),
  kernel:
    ({ pool, output, offset }) =>
    ({ inputs, attrs }) => {
      const { groups, batch, size } = attrs as unknown as Attributes;
      const features = Object.keys(inputs).map((_, i) => inputs[`feature_${i}`]!);
      const rows = groups * batch;
      const columns = features.reduce((sum, { shape }) => sum + shape[2]!, 0);
      const stacked = output([rows, columns]);
      pool.compute((kernels) => {
        let to = offset(stacked);
        for (const feature of features) {
          const bytes = 4 * feature.shape[2]!;
          const channels = size === 0 ? 0 : feature.shape[2]! / size;
          kernels.swapColumns(pool.control, rows, size, channels, offset(feature), bytes, to, 4 * columns);
          to += bytes;
        }
      });
      return stacked;
    },
};

/** The gradient of {@link stackFeaturesOfChannelsKernel}: splits the features again. */
export const stackFeaturesGradientOfChannelsKernel: OwnKernel = {
  operation: /* @__PURE__ */ ofChannels(stackFeaturesGradientOperation),
  kernel:
    ({ pool, output, offset }) =>
    ({ inputs, attrs }) => {
      const { groups, batch, size, planes } = attrs as unknown as Planes;
      const { dy } = inputs as unknown as Record<'dy', { dataId: object; shape: number[] }>;
      const rows = groups * batch;
      const [, columns] = dy.shape as [number, number];
      const features = planes.map((count) => output([groups, batch, size * count]));
      pool.compute((kernels) => {
        let from = offset(dy);
        for (const [i, count] of planes.entries()) {
          const bytes = 4 * size * count;
          kernels.swapColumns(pool.control, rows, count, size, from, 4 * columns, offset(features[i]!), bytes);
          from += bytes;
        }
      });
      return features;
    },
};
