import {
  gaussianAlgorithmErrorGradientOperation,
  gaussianAlgorithmErrorOperation,
  gaussianCostGradientOperation,
  gaussianCostOperation,
  gaussianExactErrorGradientOperation,
  gaussianExactErrorOperation,
  gaussianLikelihoodGradientOperation,
  gaussianLikelihoodOperation,
  gaussianResidualErrorGradientOperation,
  gaussianResidualErrorOperation,
} from '@taggerjs/nn';
import type { TensorInfo } from '@tensorflow/tfjs-core';

import type { KernelContext, OwnKernel } from './own-kernel';

// Gaussian noise; see assembly/gaussian.ts.

type Inputs<Names extends string> = Record<Names, TensorInfo & { readonly shape: [number, number, number] }>;
type Std = { readonly standardDeviation: number };

/** The learned variance v, and s = v + sigma^2, around a prediction. */
function variances(
  { values }: KernelContext,
  logVariance: TensorInfo,
  attributes: unknown,
): { learned: number; total: number } {
  const learned = Math.exp(values(logVariance)[0] as number);
  return { learned, total: learned + (attributes as Std).standardDeviation ** 2 };
}

/** The assignment likelihood. */
export const gaussianLikelihoodKernel: OwnKernel = {
  operation: gaussianLikelihoodOperation,
  kernel:
    (context) =>
    ({ inputs, attrs }) => {
      const { pool, output, offset } = context;
      const { corrupted, z, logVariance } = inputs as unknown as Inputs<'corrupted' | 'z' | 'logVariance'>;
      const { total } = variances(context, logVariance, attrs);
      const [K, B, N] = z.shape;
      const likelihood = output(z.shape);
      pool.compute((kernels) =>
        kernels.gaussianLikelihood(pool.control, K, B * N, total, offset(corrupted), offset(z), offset(likelihood)),
      );
      return likelihood;
    },
};

/** The gradient of {@link gaussianLikelihoodKernel} with respect to predictions and variance. */
export const gaussianLikelihoodGradientKernel: OwnKernel = {
  operation: gaussianLikelihoodGradientOperation,
  kernel:
    (context) =>
    ({ inputs, attrs }) => {
      const { pool, output, offset } = context;
      const { dy, corrupted, z, logVariance, L } = inputs as unknown as Inputs<
        'dy' | 'corrupted' | 'z' | 'logVariance' | 'L'
      >;
      const { learned, total } = variances(context, logVariance, attrs);
      const [K, B, N] = z.shape;
      const [dz, dLogVariance] = [output(z.shape), output([])];
      pool.compute((kernels) =>
        kernels.gaussianLikelihoodGradient(
          pool.control,
          K,
          B * N,
          total,
          learned,
          offset(dy),
          offset(corrupted),
          offset(z),
          offset(L),
          offset(dz),
          pool.scratch(kernels.gaussianPartsBytes(K, B * N)),
          offset(dLogVariance),
        ),
      );
      return [dz, dLogVariance];
    },
};

/** A form of the modeling error that takes the variance, and m or log m under the given name. */
function errorKernel(
  operation: OwnKernel['operation'],
  name: 'gaussianAlgorithmError' | 'gaussianExactError',
  assignment: 'm' | 'logM',
): OwnKernel {
  return {
    operation,
    kernel:
      (context) =>
      ({ inputs, attrs }) => {
        const { pool, output, offset } = context;
        const tensors = inputs as unknown as Inputs<'corrupted' | 'z' | 'm' | 'logM' | 'logVariance'>;
        const { corrupted, z, logVariance } = tensors;
        const { total } = variances(context, logVariance, attrs);
        const [K, B, N] = z.shape;
        const error = output(z.shape);
        const compute: Parameters<typeof pool.compute>[0] = (kernels) =>
          kernels[name](
            pool.control,
            K,
            B * N,
            total,
            offset(corrupted),
            offset(z),
            offset(tensors[assignment]),
            offset(error),
          );
        pool.compute(compute);
        return error;
      },
  };
}

/** The gradient of such a form with respect to predictions, assignments and variance. */
function errorGradientKernel(
  operation: OwnKernel['operation'],
  name: 'gaussianAlgorithmErrorGradient' | 'gaussianExactErrorGradient',
  assignment: 'm' | 'logM',
): OwnKernel {
  return {
    operation,
    kernel:
      (context) =>
      ({ inputs, attrs }) => {
        const { pool, output, offset } = context;
        const tensors = inputs as unknown as Inputs<'dy' | 'corrupted' | 'z' | 'm' | 'logM' | 'logVariance'>;
        const { dy, corrupted, z, logVariance } = tensors;
        const { learned, total } = variances(context, logVariance, attrs);
        const [K, B, N] = z.shape;
        const [dz, dAssignment, dLogVariance] = [output(z.shape), output(z.shape), output([])];
        const compute: Parameters<typeof pool.compute>[0] = (kernels) =>
          kernels[name](
            pool.control,
            K,
            B * N,
            total,
            learned,
            offset(dy),
            offset(corrupted),
            offset(z),
            offset(tensors[assignment]),
            offset(dz),
            offset(dAssignment),
            pool.scratch(kernels.gaussianPartsBytes(K, B * N)),
            offset(dLogVariance),
          );
        pool.compute(compute);
        return [dz, dAssignment, dLogVariance];
      },
  };
}

/** The modeling error as Algorithm 2 prints it. */
export const gaussianAlgorithmErrorKernel = /* @__PURE__ */ errorKernel(
  gaussianAlgorithmErrorOperation,
  'gaussianAlgorithmError',
  'm',
);

/** The gradient of {@link gaussianAlgorithmErrorKernel}. */
export const gaussianAlgorithmErrorGradientKernel = /* @__PURE__ */ errorGradientKernel(
  gaussianAlgorithmErrorGradientOperation,
  'gaussianAlgorithmErrorGradient',
  'm',
);

/** The exact modeling error. */
export const gaussianExactErrorKernel = /* @__PURE__ */ errorKernel(
  gaussianExactErrorOperation,
  'gaussianExactError',
  'logM',
);

/** The gradient of {@link gaussianExactErrorKernel}. */
export const gaussianExactErrorGradientKernel = /* @__PURE__ */ errorGradientKernel(
  gaussianExactErrorGradientOperation,
  'gaussianExactErrorGradient',
  'logM',
);

/** The modeling error of the authors' released code. */
export const gaussianResidualErrorKernel: OwnKernel = {
  operation: gaussianResidualErrorOperation,
  kernel:
    ({ pool, output, offset }) =>
    ({ inputs }) => {
      const { corrupted, z, m } = inputs as unknown as Inputs<'corrupted' | 'z' | 'm'>;
      const [K, B, N] = z.shape;
      const error = output(z.shape);
      pool.compute((kernels) =>
        kernels.gaussianResidualError(pool.control, K, B * N, offset(corrupted), offset(z), offset(m), offset(error)),
      );
      return error;
    },
};

/** The gradient of {@link gaussianResidualErrorKernel}. */
export const gaussianResidualErrorGradientKernel: OwnKernel = {
  operation: gaussianResidualErrorGradientOperation,
  kernel:
    ({ pool, output, offset }) =>
    ({ inputs }) => {
      const { dy, corrupted, z, m } = inputs as unknown as Inputs<'dy' | 'corrupted' | 'z' | 'm'>;
      const [K, B, N] = z.shape;
      const [dz, dm] = [output(z.shape), output(z.shape)];
      pool.compute((kernels) =>
        kernels.gaussianResidualErrorGradient(
          pool.control,
          K,
          B * N,
          offset(dy),
          offset(corrupted),
          offset(z),
          offset(m),
          offset(dz),
          offset(dm),
        ),
      );
      return [dz, dm];
    },
};

/** The denoising cost. */
export const gaussianCostKernel: OwnKernel = {
  operation: gaussianCostOperation,
  kernel:
    ({ pool, output, offset, values }) =>
    ({ inputs }) => {
      const { x, z, logM, logVariance } = inputs as unknown as Inputs<'x' | 'z' | 'logM' | 'logVariance'>;
      const logV = values(logVariance)[0] as number;
      const [K, B, N] = z.shape;
      const cost = output([]);
      pool.compute((kernels) =>
        kernels.gaussianCost(
          pool.control,
          K,
          B * N,
          Math.exp(logV),
          (logV + Math.log(2 * Math.PI)) / 2,
          offset(x),
          offset(z),
          offset(logM),
          pool.scratch(kernels.gaussianPartsBytes(K, B * N)),
          offset(cost),
        ),
      );
      return cost;
    },
};

/** The gradient of {@link gaussianCostKernel} with respect to predictions, assignments and variance. */
export const gaussianCostGradientKernel: OwnKernel = {
  operation: gaussianCostGradientOperation,
  kernel:
    ({ pool, output, offset, values }) =>
    ({ inputs }) => {
      const { dy, x, z, logM, logVariance } = inputs as unknown as Inputs<'dy' | 'x' | 'z' | 'logM' | 'logVariance'>;
      const learned = Math.exp(values(logVariance)[0] as number);
      const [K, B, N] = z.shape;
      const [dz, dLogM, dLogVariance] = [output(z.shape), output(z.shape), output([])];
      pool.compute((kernels) =>
        kernels.gaussianCostGradient(
          pool.control,
          K,
          B * N,
          learned,
          offset(dy),
          offset(x),
          offset(z),
          offset(logM),
          offset(dz),
          offset(dLogM),
          pool.scratch(kernels.gaussianPartsBytes(K, B * N)),
          offset(dLogVariance),
        ),
      );
      return [dz, dLogM, dLogVariance];
    },
};
