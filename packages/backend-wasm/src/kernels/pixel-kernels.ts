import {
  bitflipPixelCostGradientOperation,
  bitflipPixelCostOperation,
  bitflipPixelErrorGradientOperation,
  bitflipPixelErrorOperation,
  bitflipPixelLikelihoodGradientOperation,
  bitflipPixelLikelihoodOperation,
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
  ofChannels,
} from '@taggerjs/nn';
import type { TensorInfo } from '@tensorflow/tfjs-core';

import type { KernelContext, OwnKernel } from './own-kernel';

// The noise of pixels with several channels; see assembly/pixels.ts.

type Inputs<Names extends string> = Record<Names, TensorInfo>;
type Noise = 'bitflip' | 'gaussian';
type Operation = OwnKernel['operation'];
interface Attributes {
  readonly channels: number;
  readonly probability?: number;
  /** 0 in the cost. */
  readonly standardDeviation?: number;
}

/** What all kernels need: sizes, and the variance, which is minus the probability of a flip for bit flips. */
function settings({ values }: KernelContext, z: TensorInfo, logVariance: TensorInfo | undefined, attributes: unknown) {
  const { channels, probability = 0, standardDeviation = 0 } = attributes as Attributes;
  const [K, B, N] = z.shape as [number, number, number];
  const logV = logVariance === undefined ? 0 : values(logVariance)[0]!;
  const learned = Math.exp(logV);
  return {
    sizes: [K, (B * N) / channels, channels] as const,
    pixels: [K, B, N / channels],
    learned,
    variance: logVariance === undefined ? -probability : learned + standardDeviation ** 2,
    /** Of the cost of a value. */
    constant: logVariance === undefined ? 0 : (logV + Math.log(2 * Math.PI)) / 2,
  };
}

/** The gradient of log v: an output of Gaussian noise only. */
const outputsOf = (noise: Noise, { output }: KernelContext): TensorInfo[] => (noise === 'gaussian' ? [output([])] : []);

const likelihood = (operation: Operation): OwnKernel => ({
  operation: ofChannels(operation),
  kernel:
    (context) =>
    ({ inputs, attrs }) => {
      const { pool, output, offset } = context;
      const { corrupted, z, logVariance } = inputs as Inputs<'corrupted' | 'z' | 'logVariance'>;
      const { sizes, pixels, variance } = settings(context, z, logVariance, attrs);
      const result = output(pixels);
      pool.compute((kernels) =>
        kernels.pixelLikelihood(pool.control, ...sizes, variance, offset(corrupted), offset(z), offset(result)),
      );
      return result;
    },
});

const likelihoodGradient = (operation: Operation, noise: Noise): OwnKernel => ({
  operation: ofChannels(operation),
  kernel:
    (context) =>
    ({ inputs, attrs }) => {
      const { pool, output, offset } = context;
      const { dy, corrupted, z, L, logVariance } = inputs as Inputs<'dy' | 'corrupted' | 'z' | 'L' | 'logVariance'>;
      const { sizes, variance, learned } = settings(context, z, logVariance, attrs);
      const dz = output(z.shape);
      const [dLogVariance] = outputsOf(noise, context);
      pool.compute((kernels) =>
        kernels.pixelLikelihoodGradient(
          ...([pool.control, ...sizes, variance, learned] as const),
          ...([offset(dy), offset(corrupted), offset(z), offset(L), offset(dz)] as const),
          pool.scratch(kernels.pixelBytes(...sizes)),
          dLogVariance === undefined ? 0 : offset(dLogVariance),
        ),
      );
      return dLogVariance === undefined ? dz : [dz, dLogVariance];
    },
});

/** The exact modeling error. */
const error = (operation: Operation): OwnKernel => ({
  operation: ofChannels(operation),
  kernel:
    (context) =>
    ({ inputs, attrs }) => {
      const { pool, output, offset } = context;
      const { corrupted, z, logM, logVariance } = inputs as Inputs<'corrupted' | 'z' | 'logM' | 'logVariance'>;
      const { sizes, variance } = settings(context, z, logVariance, attrs);
      const result = output(z.shape);
      pool.compute((kernels) =>
        kernels.pixelError(
          ...([pool.control, ...sizes, variance] as const),
          ...([offset(corrupted), offset(z), offset(logM), offset(result)] as const),
          pool.scratch(kernels.pixelBytes(...sizes)),
        ),
      );
      return result;
    },
});

const errorGradient = (operation: Operation, noise: Noise): OwnKernel => ({
  operation: ofChannels(operation),
  kernel:
    (context) =>
    ({ inputs, attrs }) => {
      const { pool, output, offset } = context;
      const tensors = inputs as Inputs<'dy' | 'corrupted' | 'z' | 'logM' | 'logVariance'>;
      const { dy, corrupted, z, logM, logVariance } = tensors;
      const { sizes, pixels, variance, learned } = settings(context, z, logVariance, attrs);
      const outputs = [output(z.shape), output(pixels), ...outputsOf(noise, context)] as const;
      const [dz, dLogM, dLogVariance] = outputs;
      pool.compute((kernels) =>
        kernels.pixelErrorGradient(
          ...([pool.control, ...sizes, variance, learned] as const),
          ...([offset(dy), offset(corrupted), offset(z), offset(logM), offset(dz), offset(dLogM)] as const),
          pool.scratch(kernels.pixelBytes(...sizes)),
          dLogVariance === undefined ? 0 : offset(dLogVariance),
        ),
      );
      return [...outputs];
    },
});

const cost = (operation: Operation): OwnKernel => ({
  operation: ofChannels(operation),
  kernel:
    (context) =>
    ({ inputs, attrs }) => {
      const { pool, output, offset } = context;
      const { x, z, logM, logVariance } = inputs as Inputs<'x' | 'z' | 'logM' | 'logVariance'>;
      const { sizes, variance, constant } = settings(context, z, logVariance, attrs);
      const result = output([]);
      pool.compute((kernels) =>
        kernels.pixelCost(
          ...([pool.control, ...sizes, variance, constant] as const),
          ...([offset(x), offset(z), offset(logM)] as const),
          pool.scratch(kernels.pixelBytes(...sizes)),
          offset(result),
        ),
      );
      return result;
    },
});

const costGradient = (operation: Operation, noise: Noise): OwnKernel => ({
  operation: ofChannels(operation),
  kernel:
    (context) =>
    ({ inputs, attrs }) => {
      const { pool, output, offset } = context;
      const { dy, x, z, logM, logVariance } = inputs as Inputs<'dy' | 'x' | 'z' | 'logM' | 'logVariance'>;
      const { sizes, pixels, variance } = settings(context, z, logVariance, attrs);
      const outputs = [output(z.shape), output(pixels), ...outputsOf(noise, context)] as const;
      const [dz, dLogM, dLogVariance] = outputs;
      pool.compute((kernels) =>
        kernels.pixelCostGradient(
          ...([pool.control, ...sizes, variance] as const),
          ...([offset(dy), offset(x), offset(z), offset(logM), offset(dz), offset(dLogM)] as const),
          pool.scratch(kernels.pixelBytes(...sizes)),
          dLogVariance === undefined ? 0 : offset(dLogVariance),
        ),
      );
      return [...outputs];
    },
});

/** -log of the density's factor (2 pi s)^(-channels / 2). */
const minusLogFactor = (channels: number, variance: number) => (channels / 2) * Math.log(2 * Math.PI * variance);

/** The modeling error as Algorithm 2 prints it. */
const algorithmError: OwnKernel = {
  operation: /* @__PURE__ */ ofChannels(gaussianAlgorithmErrorOperation),
  kernel:
    (context) =>
    ({ inputs, attrs }) => {
      const { pool, output, offset } = context;
      const { corrupted, z, m, logVariance } = inputs as Inputs<'corrupted' | 'z' | 'm' | 'logVariance'>;
      const { sizes, variance } = settings(context, z, logVariance, attrs);
      const result = output(z.shape);
      const [x, of, to] = [offset(corrupted), offset(m), offset(result)];
      pool.compute((kernels) =>
        kernels.pixelAlgorithmError(
          pool.control,
          ...sizes,
          variance,
          minusLogFactor(sizes[2], variance),
          x,
          offset(z),
          of,
          to,
        ),
      );
      return result;
    },
};

const algorithmErrorGradient: OwnKernel = {
  operation: /* @__PURE__ */ ofChannels(gaussianAlgorithmErrorGradientOperation),
  kernel:
    (context) =>
    ({ inputs, attrs }) => {
      const { pool, output, offset } = context;
      const { dy, corrupted, z, m, logVariance } = inputs as Inputs<'dy' | 'corrupted' | 'z' | 'm' | 'logVariance'>;
      const { sizes, pixels, variance, learned } = settings(context, z, logVariance, attrs);
      const [dz, dm, dLogVariance] = [output(z.shape), output(pixels), output([])];
      pool.compute((kernels) =>
        kernels.pixelAlgorithmErrorGradient(
          ...([pool.control, ...sizes, variance, minusLogFactor(sizes[2], variance), learned] as const),
          ...([offset(dy), offset(corrupted), offset(z), offset(m), offset(dz), offset(dm)] as const),
          pool.scratch(kernels.pixelBytes(...sizes)),
          offset(dLogVariance),
        ),
      );
      return [dz, dm, dLogVariance];
    },
};

/** The modeling error of the authors' released code. */
const residualError: OwnKernel = {
  operation: /* @__PURE__ */ ofChannels(gaussianResidualErrorOperation),
  kernel:
    (context) =>
    ({ inputs, attrs }) => {
      const { pool, output, offset } = context;
      const { corrupted, z, m } = inputs as Inputs<'corrupted' | 'z' | 'm'>;
      const { sizes } = settings(context, z, undefined, attrs);
      const result = output(z.shape);
      const [x, of, to] = [offset(corrupted), offset(m), offset(result)];
      pool.compute((kernels) => kernels.pixelResidualError(pool.control, ...sizes, x, offset(z), of, to));
      return result;
    },
};

const residualErrorGradient: OwnKernel = {
  operation: /* @__PURE__ */ ofChannels(gaussianResidualErrorGradientOperation),
  kernel:
    (context) =>
    ({ inputs, attrs }) => {
      const { pool, output, offset } = context;
      const { dy, corrupted, z, m } = inputs as Inputs<'dy' | 'corrupted' | 'z' | 'm'>;
      const { sizes, pixels } = settings(context, z, undefined, attrs);
      const [dz, dm] = [output(z.shape), output(pixels)];
      pool.compute((kernels) =>
        kernels.pixelResidualErrorGradient(
          ...([pool.control, ...sizes, offset(dy), offset(corrupted), offset(z)] as const),
          ...([offset(m), offset(dz), offset(dm)] as const),
        ),
      );
      return [dz, dm];
    },
};

/** The kernels of both noise models. */
export const PIXEL_KERNELS = /* @__PURE__ */ ((): readonly OwnKernel[] => [
  likelihood(bitflipPixelLikelihoodOperation),
  likelihoodGradient(bitflipPixelLikelihoodGradientOperation, 'bitflip'),
  error(bitflipPixelErrorOperation),
  errorGradient(bitflipPixelErrorGradientOperation, 'bitflip'),
  cost(bitflipPixelCostOperation),
  costGradient(bitflipPixelCostGradientOperation, 'bitflip'),
  likelihood(gaussianLikelihoodOperation),
  likelihoodGradient(gaussianLikelihoodGradientOperation, 'gaussian'),
  error(gaussianExactErrorOperation),
  errorGradient(gaussianExactErrorGradientOperation, 'gaussian'),
  cost(gaussianCostOperation),
  costGradient(gaussianCostGradientOperation, 'gaussian'),
  algorithmError,
  algorithmErrorGradient,
  residualError,
  residualErrorGradient,
])();
