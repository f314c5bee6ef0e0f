import {
  bitflipCostGradientOperation,
  bitflipCostOperation,
  bitflipLikelihoodGradientOperation,
  bitflipLikelihoodOperation,
  bitflipModelingErrorGradientOperation,
  bitflipModelingErrorOperation,
} from '@taggerjs/nn';

import type { OwnKernel } from './own-kernel';

// Bit-flip noise; see assembly/bitflip.ts.

type Inputs<Names extends string> = Record<
  Names,
  { readonly dataId: object; readonly shape: [number, number, number] }
>;
type Probability = { readonly probability: number };
type Epsilon = { readonly epsilon: number };

/** The assignment likelihood. */
export const bitflipLikelihoodKernel: OwnKernel = {
  operation: bitflipLikelihoodOperation,
  kernel:
    ({ pool, output, offset }) =>
    ({ inputs, attrs }) => {
      const { corrupted, z } = inputs as unknown as Inputs<'corrupted' | 'z'>;
      const { probability } = attrs as unknown as Probability;
      const [K, B, N] = z.shape;
      const likelihood = output(z.shape);
      pool.compute((kernels) =>
        kernels.bitflipLikelihood(
          pool.control,
          K,
          B * N,
          probability,
          offset(corrupted),
          offset(z),
          offset(likelihood),
        ),
      );
      return likelihood;
    },
};

/** The gradient of {@link bitflipLikelihoodKernel} with respect to the predictions. */
export const bitflipLikelihoodGradientKernel: OwnKernel = {
  operation: bitflipLikelihoodGradientOperation,
  kernel:
    ({ pool, output, offset }) =>
    ({ inputs, attrs }) => {
      const { dy, corrupted, z, L } = inputs as unknown as Inputs<'dy' | 'corrupted' | 'z' | 'L'>;
      const { probability } = attrs as unknown as Probability;
      const [K, B, N] = z.shape;
      const dz = output(z.shape);
      pool.compute((kernels) =>
        kernels.bitflipLikelihoodGradient(
          pool.control,
          K,
          B * N,
          probability,
          offset(dy),
          offset(corrupted),
          offset(z),
          offset(L),
          offset(dz),
        ),
      );
      return dz;
    },
};

/** The modeling error. */
export const bitflipModelingErrorKernel: OwnKernel = {
  operation: bitflipModelingErrorOperation,
  kernel:
    ({ pool, output, offset }) =>
    ({ inputs, attrs }) => {
      const { corrupted, z, m } = inputs as unknown as Inputs<'corrupted' | 'z' | 'm'>;
      const { probability } = attrs as unknown as Probability;
      const [K, B, N] = z.shape;
      const error = output(z.shape);
      pool.compute((kernels) =>
        kernels.bitflipModelingError(
          pool.control,
          K,
          B * N,
          probability,
          offset(corrupted),
          offset(z),
          offset(m),
          offset(error),
        ),
      );
      return error;
    },
};

/** The gradient of {@link bitflipModelingErrorKernel} with respect to predictions and assignments. */
export const bitflipModelingErrorGradientKernel: OwnKernel = {
  operation: bitflipModelingErrorGradientOperation,
  kernel:
    ({ pool, output, offset }) =>
    ({ inputs, attrs }) => {
      const { dy, corrupted, z, m, dz } = inputs as unknown as Inputs<'dy' | 'corrupted' | 'z' | 'm' | 'dz'>;
      const { probability } = attrs as unknown as Probability;
      const [K, B, N] = z.shape;
      const [ofZ, ofM] = [output(z.shape), output(z.shape)];
      pool.compute((kernels) =>
        kernels.bitflipModelingErrorGradient(
          pool.control,
          K,
          B * N,
          probability,
          offset(dy),
          offset(corrupted),
          offset(z),
          offset(m),
          offset(dz),
          offset(ofZ),
          offset(ofM),
        ),
      );
      return [ofZ, ofM];
    },
};

/** The denoising cost. */
export const bitflipCostKernel: OwnKernel = {
  operation: bitflipCostOperation,
  kernel:
    ({ pool, output, offset }) =>
    ({ inputs, attrs }) => {
      const { x, z, m } = inputs as unknown as Inputs<'x' | 'z' | 'm'>;
      const { epsilon } = attrs as unknown as Epsilon;
      const [K, B, N] = z.shape;
      const cost = output([]);
      pool.compute((kernels) => {
        const parts = pool.scratch(kernels.bitflipCostBytes(K, B * N));
        kernels.bitflipCost(pool.control, K, B * N, epsilon, offset(x), offset(z), offset(m), parts, offset(cost));
      });
      return cost;
    },
};

/** The gradient of {@link bitflipCostKernel} with respect to predictions and assignments. */
export const bitflipCostGradientKernel: OwnKernel = {
  operation: bitflipCostGradientOperation,
  kernel:
    ({ pool, output, offset }) =>
    ({ inputs, attrs }) => {
      const { dy, x, z, m } = inputs as unknown as Inputs<'dy' | 'x' | 'z' | 'm'>;
      const { epsilon } = attrs as unknown as Epsilon;
      const [K, B, N] = z.shape;
      const [dz, dm] = [output(z.shape), output(z.shape)];
      pool.compute((kernels) =>
        kernels.bitflipCostGradient(
          pool.control,
          K,
          B * N,
          epsilon,
          offset(dy),
          offset(x),
          offset(z),
          offset(m),
          offset(dz),
          offset(dm),
        ),
      );
      return [dz, dm];
    },
};
