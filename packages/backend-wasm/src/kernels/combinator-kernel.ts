import { COMBINATOR_PARAMETERS, combinatorGradientOperation, combinatorOperation } from '@taggerjs/nn';

import type { OwnKernel } from './own-kernel';

type Inputs = Record<'dy' | 's' | 'u' | (typeof COMBINATOR_PARAMETERS)[number], { dataId: object; shape: number[] }>;
type Ten = [number, number, number, number, number, number, number, number, number, number];

/** The Ladder's combinator; see assembly/combinator.ts. */
export const combinatorKernel: OwnKernel = {
  operation: combinatorOperation,
  kernel:
    ({ pool, output, offset }) =>
    ({ inputs, attrs }) => {
      const { s, u, ...rest } = inputs as unknown as Inputs;
      const [rows, columns] = s.shape as [number, number];
      const out = output([rows, columns]);
      pool.compute((kernels) => {
        kernels.combinator(
          pool.control,
          rows,
          columns,
          offset(s),
          offset(u),
          Number((attrs as unknown as { gate: string }).gate === 'linear'),
          offset(out),
          ...(COMBINATOR_PARAMETERS.map((name) => offset(rest[name])) as Ten),
        );
      });
      return out;
    },
};

/** The gradient of {@link combinatorKernel}. */
export const combinatorGradientKernel: OwnKernel = {
  operation: combinatorGradientOperation,
  kernel:
    ({ pool, output, offset }) =>
    ({ inputs, attrs }) => {
      const { dy, s, u, ...rest } = inputs as unknown as Inputs;
      const [rows, columns] = s.shape as [number, number];
      const [ds, du] = [output([rows, columns]), output([rows, columns])];
      const vectors = COMBINATOR_PARAMETERS.map(() => output([columns]));
      pool.compute((kernels) => {
        kernels.combinatorGradient(
          pool.control,
          rows,
          columns,
          offset(dy),
          offset(s),
          offset(u),
          Number((attrs as unknown as { gate: string }).gate === 'linear'),
          offset(ds),
          offset(du),
          ...(COMBINATOR_PARAMETERS.map((name) => offset(rest[name])) as Ten),
          ...(vectors.map(offset) as Ten),
        );
      });
      return [ds, du, ...vectors];
    },
};
