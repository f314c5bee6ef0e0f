import { swapAxesOperation } from '@taggerjs/nn';

import type { OwnKernel } from './own-kernel';

type Attributes = { readonly view: readonly [number, number, number, number]; readonly shape: number[] };

/** Swaps two axes; see assembly/swap-axes.ts. */
export const swapAxesKernel: OwnKernel = {
  operation: swapAxesOperation,
  kernel:
    ({ pool, output, offset }) =>
    ({ inputs, attrs }) => {
      const { view, shape } = attrs as unknown as Attributes;
      const { x } = inputs as unknown as Record<'x', { dataId: object }>;
      const y = output([...shape]);
      pool.compute((kernels) => kernels.swapAxes(pool.control, ...view, offset(x), offset(y)));
      return y;
    },
};
