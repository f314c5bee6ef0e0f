import { groupSoftmaxGradientOperation, groupSoftmaxOperation } from '@taggerjs/nn';

import type { OwnKernel } from './own-kernel';

type Input = { readonly dataId: object; readonly shape: [groups: number, batch: number, size: number] };

/** Softmax over groups and its logarithm; see assembly/group-softmax.ts. */
export const groupSoftmaxKernel: OwnKernel = {
  operation: groupSoftmaxOperation,
  kernel:
    ({ pool, output, offset }) =>
    ({ inputs }) => {
      const { logits } = inputs as unknown as Record<'logits', Input>;
      const [K, B, N] = logits.shape;
      const [m, logM] = [output([K, B, N]), output([K, B, N])];
      if (K > 0) {
        pool.compute((kernels) =>
          kernels.groupSoftmax(pool.control, K, B * N, offset(logits), offset(m), offset(logM)),
        );
      }
      return [m, logM];
    },
};

/** The gradient of {@link groupSoftmaxKernel}. */
export const groupSoftmaxGradientKernel: OwnKernel = {
  operation: groupSoftmaxGradientOperation,
  kernel:
    ({ pool, output, offset }) =>
    ({ inputs }) => {
      const { dm, dLogM, m } = inputs as unknown as Record<'dm' | 'dLogM' | 'm', Input>;
      const [K, B, N] = m.shape;
      const dx = output([K, B, N]);
      pool.compute((kernels) =>
        kernels.groupSoftmaxGradient(pool.control, K, B * N, offset(dm), offset(dLogM), offset(m), offset(dx)),
      );
      return dx;
    },
};
