import { neighborhoodsGradientOperation, neighborhoodsOperation } from '@taggerjs/nn';

import type { OwnKernel } from './own-kernel';

type Attributes = { readonly images: number; readonly rows: number; readonly columns: number };
type Input = { readonly dataId: object; readonly shape: number[] };

/** Every pixel with its neighbors; see assembly/neighborhoods.ts. */
export const neighborhoodsKernel: OwnKernel = {
  operation: neighborhoodsOperation,
  kernel:
    ({ pool, output, offset }) =>
    ({ inputs, attrs }) => {
      const { rows, columns } = attrs as unknown as Attributes;
      const { x } = inputs as unknown as Record<'x', Input>;
      const [pixels, channels] = x.shape as [number, number];
      const y = output([pixels, 9 * channels]);
      pool.compute((kernels) =>
        kernels.neighborhoods(pool.control, pixels, rows, columns, channels, offset(x), offset(y)),
      );
      return y;
    },
};

/** The gradient of {@link neighborhoodsKernel}. */
export const neighborhoodsGradientKernel: OwnKernel = {
  operation: neighborhoodsGradientOperation,
  kernel:
    ({ pool, output, offset }) =>
    ({ inputs, attrs }) => {
      const { rows, columns } = attrs as unknown as Attributes;
      const { dy } = inputs as unknown as Record<'dy', Input>;
      const [pixels, size] = dy.shape as [number, number];
      const dx = output([pixels, size / 9]);
      pool.compute((kernels) =>
        kernels.neighborhoodsGradient(pool.control, pixels, rows, columns, size / 9, offset(dy), offset(dx)),
      );
      return dx;
    },
};
