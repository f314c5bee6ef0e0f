import {
  addBiasGradientOperation,
  addBiasOperation,
  biasScaleGradientOperation,
  biasScaleOperation,
  columnSumOperation,
} from '@taggerjs/nn';

import type { OwnKernel } from './own-kernel';

type Inputs<Names extends string> = Record<Names, { readonly dataId: object; readonly shape: [number, number] }>;

/** Adds a bias to each column, with or without the rectifier; see assembly/pointwise.ts. */
export const addBiasKernel: OwnKernel = {
  operation: addBiasOperation,
  kernel:
    ({ pool, output, offset }) =>
    ({ inputs, attrs }) => {
      const { x, bias } = inputs as unknown as Inputs<'x' | 'bias'>;
      const y = output(x.shape);
      const rectified = Number((attrs as unknown as { activation: string }).activation === 'relu');
      pool.compute((kernels) =>
        kernels.addBias(pool.control, ...x.shape, offset(x), offset(bias), rectified, offset(y)),
      );
      return y;
    },
};

/** The gradient of {@link addBiasKernel} with the rectifier; see assembly/sum-columns.ts. */
export const addBiasGradientKernel: OwnKernel = {
  operation: addBiasGradientOperation,
  kernel:
    ({ pool, output, offset }) =>
    ({ inputs }) => {
      const { dy, y } = inputs as unknown as Inputs<'dy' | 'y'>;
      const [dx, dBias] = [output(y.shape), output([y.shape[1]])];
      pool.compute((kernels) =>
        kernels.biasReluGradient(pool.control, ...y.shape, offset(dy), offset(y), offset(dx), offset(dBias)),
      );
      return [dx, dBias];
    },
};

/** Applies a bias and a gain to each column; see assembly/pointwise.ts. */
export const biasScaleKernel: OwnKernel = {
  operation: biasScaleOperation,
  kernel:
    ({ pool, output, offset }) =>
    ({ inputs }) => {
      const { x, bias, gain } = inputs as unknown as Inputs<'x' | 'bias' | 'gain'>;
      const y = output(x.shape);
      pool.compute((kernels) =>
        kernels.biasScale(pool.control, ...x.shape, offset(x), offset(bias), offset(gain), offset(y)),
      );
      return y;
    },
};

/** The gradient of {@link biasScaleKernel}; see assembly/sum-columns.ts. */
export const biasScaleGradientKernel: OwnKernel = {
  operation: biasScaleGradientOperation,
  kernel:
    ({ pool, output, offset }) =>
    ({ inputs }) => {
      const { dy, x, bias, gain } = inputs as unknown as Inputs<'dy' | 'x' | 'bias' | 'gain'>;
      const [dx, dBias, dGain] = [output(x.shape), output([x.shape[1]]), output([x.shape[1]])];
      pool.compute((kernels) =>
        kernels.biasScaleGradient(
          pool.control,
          ...x.shape,
          offset(dy),
          offset(x),
          offset(bias),
          offset(gain),
          offset(dx),
          offset(dBias),
          offset(dGain),
        ),
      );
      return [dx, dBias, dGain];
    },
};

/** The sum of each column; see assembly/sum-columns.ts. */
export const columnSumKernel: OwnKernel = {
  operation: columnSumOperation,
  kernel:
    ({ pool, output, offset }) =>
    ({ inputs }) => {
      const { x } = inputs as unknown as Inputs<'x'>;
      const sum = output([x.shape[1]]);
      pool.compute((kernels) => kernels.sumColumns(pool.control, ...x.shape, offset(x), offset(sum)));
      return sum;
    },
};
