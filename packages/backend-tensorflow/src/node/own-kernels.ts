import {
  adamUpdateOperation,
  adamUpdatesOperation,
  addBiasGradientOperation,
  addBiasOperation,
  addOperation,
  biasScaleGradientOperation,
  biasScaleOperation,
  bitflipCostGradientOperation,
  bitflipCostOperation,
  bitflipLikelihoodGradientOperation,
  bitflipLikelihoodOperation,
  bitflipModelingErrorGradientOperation,
  bitflipModelingErrorOperation,
  bitflipPixelCostGradientOperation,
  bitflipPixelCostOperation,
  bitflipPixelErrorGradientOperation,
  bitflipPixelErrorOperation,
  bitflipPixelLikelihoodGradientOperation,
  bitflipPixelLikelihoodOperation,
  columnSumOperation,
  COMBINATOR_PARAMETERS,
  combinatorGradientOperation,
  combinatorOperation,
  featureProductGradientOperation,
  featureProductOperation,
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
  globalNormOperation,
  groupSoftmaxGradientOperation,
  groupSoftmaxOperation,
  matMulOperation,
  normalizeGradientOperation,
  normalizeOperation,
  ofChannels,
  registerOperationKernel,
  reshapeOperation,
  reluGradientOperation,
  reluOperation,
  sigmoidGradientOperation,
  sigmoidOperation,
  softmaxGradientOperation,
  softmaxOperation,
  stackFeaturesGradientOperation,
  stackFeaturesOperation,
  sumOfSquaresOperation,
  TaggerError,
  unregisterOperationKernel,
  weightedSumOperation,
} from '@taggerjs/nn';
import {
  Add,
  getKernel,
  registerKernel,
  unregisterKernel,
  util,
  type KernelConfig,
  type TensorInfo,
} from '@tensorflow/tfjs-core';

import type { LoadedKernels } from './addon';
import type { TfjsNodeBackend } from './load-tfjs-node';

/** The attributes of an operation of nn. */
type Attributes = Readonly<Record<string, unknown>>;

/** A kernel of this package (binding/kernels) for an operation of `@taggerjs/nn`. */
interface OwnKernel {
  readonly operation: { readonly kernelName: string };
  /** The names of the inputs, in the kernel's order. @default all, in their own order */
  readonly inputs?: readonly string[] | ((attributes: Attributes) => readonly string[]);
  /** The kernel's attributes, in its order. @default none */
  readonly attributes?: (
    attributes: Attributes,
    inputs: readonly TensorInfo[],
    arithmetic: Arithmetic,
  ) => readonly (boolean | number)[];
}

/** What multiplies matrices; the numbers are those of `Arithmetic` in binding/kernels/product.h. */
export const ARITHMETIC = {
  float32: 0,
  bfloat16: 1,
  'emulated-bfloat16': 2,
} as const;
type Arithmetic = (typeof ARITHMETIC)[keyof typeof ARITHMETIC];

const relu = ({ activation }: Attributes) => activation === 'relu';
const onlyRelu = (attributes: Attributes) => [relu(attributes)];
const axis = ({ axis: whole }: Attributes) => [whole as number];
const linear = ({ gate }: Attributes) => [gate === 'linear'];
/** Computes 1 - 2 beta in float64. */
const flip = (beta: number) => [1 - 2 * beta, beta];
const ofProbability = ({ probability }: Attributes) => flip(probability as number);
const noise = ({ standardDeviation }: Attributes) => [(standardDeviation as number) ** 2];
const ofEpsilon = ({ epsilon }: Attributes) => flip(epsilon as number);
const normalization = (attributes: Attributes) => [
  attributes['norm'] === 'layer',
  relu(attributes),
  attributes['hasGain'] === true,
  attributes['hasBias'] === true,
];

// Kernels for several channels read the number of channels first, and log v last.
const channelsOf = ({ channels }: Attributes) => channels as number;
const onlyChannels = (attributes: Attributes) => [channelsOf(attributes)];
const flipOfPixels = (attributes: Attributes) => [channelsOf(attributes), ...ofProbability(attributes)];
const noiseOfPixels = (attributes: Attributes) => [channelsOf(attributes), ...noise(attributes)];
const noNoise = (attributes: Attributes) => [channelsOf(attributes), 0];

const stacked = (attributes: Attributes, _: unknown, arithmetic: Arithmetic) => {
  const constants = attributes['constants'] as readonly number[];
  return [arithmetic, constants.length, ...constants];
};

const adamSettings = ({ learningRate, beta1, beta2, epsilon, step }: Attributes) =>
  [learningRate, beta1, beta2, epsilon, step] as number[];

const KERNELS = /* @__PURE__ */ ((): readonly OwnKernel[] => [
  {
    operation: normalizeOperation,
    inputs: ['x', 'gain', 'bias'],
    attributes: (attributes) => [...normalization(attributes), attributes['epsilon'] as number],
  },
  {
    operation: normalizeGradientOperation,
    inputs: ['dy', 'dMean', 'dInverseStd', 'x', 'gain', 'bias', 'y', 'mean', 'inverseStd'],
    attributes: normalization,
  },
  { operation: combinatorOperation, inputs: ['s', 'u', ...COMBINATOR_PARAMETERS], attributes: linear },
  {
    operation: combinatorGradientOperation,
    inputs: ['dy', 's', 'u', ...COMBINATOR_PARAMETERS],
    attributes: linear,
  },
  { operation: groupSoftmaxOperation, inputs: ['logits'] },
  { operation: groupSoftmaxGradientOperation, inputs: ['dm', 'dLogM', 'm'] },
  { operation: softmaxOperation, inputs: ['x'], attributes: axis },
  { operation: softmaxGradientOperation, inputs: ['dy', 'y'], attributes: axis },
  { operation: sigmoidOperation, inputs: ['x'] },
  { operation: sigmoidGradientOperation, inputs: ['dy', 'y'] },
  { operation: reluOperation, inputs: ['x'] },
  { operation: reluGradientOperation, inputs: ['dy', 'y'] },
  { operation: addBiasOperation, inputs: ['x', 'bias'], attributes: onlyRelu },
  { operation: addBiasGradientOperation, inputs: ['dy', 'y'] },
  { operation: biasScaleOperation, inputs: ['x', 'bias', 'gain'] },
  { operation: biasScaleGradientOperation, inputs: ['dy', 'x', 'bias', 'gain'] },
  { operation: columnSumOperation, inputs: ['x'] },
  { operation: sumOfSquaresOperation, inputs: ['x'] },
  { operation: stackFeaturesOperation },
  {
    operation: stackFeaturesGradientOperation,
    inputs: ['dy'],
    attributes: ({ size, groups, batch }, [dy]) => [
      (dy as TensorInfo).shape[1]! / (size as number),
      ...[groups as number, batch as number, size as number],
    ],
  },
  { operation: bitflipLikelihoodOperation, inputs: ['corrupted', 'z'], attributes: ofProbability },
  { operation: bitflipLikelihoodGradientOperation, inputs: ['dy', 'corrupted', 'z', 'L'], attributes: ofProbability },
  { operation: bitflipModelingErrorOperation, inputs: ['corrupted', 'z', 'm'], attributes: ofProbability },
  {
    operation: bitflipModelingErrorGradientOperation,
    inputs: ['dy', 'corrupted', 'z', 'm', 'dz'],
    attributes: ofProbability,
  },
  { operation: bitflipCostOperation, inputs: ['x', 'z', 'm'], attributes: ofEpsilon },
  { operation: bitflipCostGradientOperation, inputs: ['dy', 'x', 'z', 'm'], attributes: ofEpsilon },
  { operation: gaussianLikelihoodOperation, inputs: ['corrupted', 'z', 'logVariance'], attributes: noise },
  {
    operation: gaussianLikelihoodGradientOperation,
    inputs: ['dy', 'corrupted', 'z', 'logVariance', 'L'],
    attributes: noise,
  },
  { operation: gaussianAlgorithmErrorOperation, inputs: ['corrupted', 'z', 'm', 'logVariance'], attributes: noise },
  {
    operation: gaussianAlgorithmErrorGradientOperation,
    inputs: ['dy', 'corrupted', 'z', 'm', 'logVariance'],
    attributes: noise,
  },
  { operation: gaussianExactErrorOperation, inputs: ['corrupted', 'z', 'logM', 'logVariance'], attributes: noise },
  {
    operation: gaussianExactErrorGradientOperation,
    inputs: ['dy', 'corrupted', 'z', 'logM', 'logVariance'],
    attributes: noise,
  },
  { operation: gaussianResidualErrorOperation, inputs: ['corrupted', 'z', 'm'] },
  { operation: gaussianResidualErrorGradientOperation, inputs: ['dy', 'corrupted', 'z', 'm'] },
  { operation: gaussianCostOperation, inputs: ['x', 'z', 'logM', 'logVariance'] },
  { operation: gaussianCostGradientOperation, inputs: ['dy', 'x', 'z', 'logM', 'logVariance'] },
  { operation: ofChannels(stackFeaturesOperation), attributes: ({ size }) => [size as number] },
  {
    operation: ofChannels(stackFeaturesGradientOperation),
    inputs: ['dy'],
    attributes: ({ groups, batch, size, planes }) => [
      ...([groups, batch, size] as number[]),
      ...[(planes as readonly number[]).length, ...(planes as readonly number[])],
    ],
  },
  {
    operation: ofChannels(bitflipPixelLikelihoodOperation),
    inputs: ['corrupted', 'z'],
    attributes: flipOfPixels,
  },
  {
    operation: ofChannels(bitflipPixelLikelihoodGradientOperation),
    inputs: ['dy', 'corrupted', 'z', 'L'],
    attributes: flipOfPixels,
  },
  { operation: ofChannels(bitflipPixelErrorOperation), inputs: ['corrupted', 'z', 'logM'], attributes: flipOfPixels },
  {
    operation: ofChannels(bitflipPixelErrorGradientOperation),
    inputs: ['dy', 'corrupted', 'z', 'logM'],
    attributes: flipOfPixels,
  },
  { operation: ofChannels(bitflipPixelCostOperation), inputs: ['x', 'z', 'logM'], attributes: flipOfPixels },
  {
    operation: ofChannels(bitflipPixelCostGradientOperation),
    inputs: ['dy', 'x', 'z', 'logM'],
    attributes: flipOfPixels,
  },
  {
    operation: ofChannels(gaussianLikelihoodOperation),
    inputs: ['corrupted', 'z', 'logVariance'],
    attributes: noiseOfPixels,
  },
  {
    operation: ofChannels(gaussianLikelihoodGradientOperation),
    inputs: ['dy', 'corrupted', 'z', 'L', 'logVariance'],
    attributes: noiseOfPixels,
  },
  {
    operation: ofChannels(gaussianAlgorithmErrorOperation),
    inputs: ['corrupted', 'z', 'm', 'logVariance'],
    attributes: noiseOfPixels,
  },
  {
    operation: ofChannels(gaussianAlgorithmErrorGradientOperation),
    inputs: ['dy', 'corrupted', 'z', 'm', 'logVariance'],
    attributes: noiseOfPixels,
  },
  {
    operation: ofChannels(gaussianExactErrorOperation),
    inputs: ['corrupted', 'z', 'logM', 'logVariance'],
    attributes: noiseOfPixels,
  },
  {
    operation: ofChannels(gaussianExactErrorGradientOperation),
    inputs: ['dy', 'corrupted', 'z', 'logM', 'logVariance'],
    attributes: noiseOfPixels,
  },
  { operation: ofChannels(gaussianResidualErrorOperation), inputs: ['corrupted', 'z', 'm'], attributes: onlyChannels },
  {
    operation: ofChannels(gaussianResidualErrorGradientOperation),
    inputs: ['dy', 'corrupted', 'z', 'm'],
    attributes: onlyChannels,
  },
  { operation: ofChannels(gaussianCostOperation), inputs: ['x', 'z', 'logM', 'logVariance'], attributes: noNoise },
  {
    operation: ofChannels(gaussianCostGradientOperation),
    inputs: ['dy', 'x', 'z', 'logM', 'logVariance'],
    attributes: noNoise,
  },
  {
    operation: adamUpdateOperation,
    inputs: ['parameter', 'gradient', 'm', 'v'],
    attributes: adamSettings,
  },
  {
    operation: adamUpdatesOperation,
    inputs({ count, hasScale, hasAverage }) {
      const names = ['parameter', 'gradient', 'm', 'v', ...(hasAverage === true ? ['average'] : [])];
      const each = Array.from({ length: count as number }, (_, i) => names.map((name) => `${name}_${i}`));
      return [...each.flat(), ...(hasScale === true ? ['scale'] : [])];
    },
    attributes: (attributes) => [
      ...adamSettings(attributes),
      ...[attributes['count'] as number, attributes['hasScale'] === true, attributes['hasAverage'] === true],
      attributes['averageDecay'] as number,
    ],
  },
  { operation: globalNormOperation },
  {
    operation: matMulOperation,
    inputs: ['a', 'b'],
    attributes: ({ transposeA, transposeB }, _, arithmetic) => [transposeA === true, transposeB === true, arithmetic],
  },
  { operation: featureProductOperation, inputs: ['x', 'weights'], attributes: stacked },
  { operation: featureProductGradientOperation, inputs: ['x', 'dy'], attributes: stacked },
  { operation: addOperation, inputs: ['a', 'b'] },
  { operation: weightedSumOperation, attributes: ({ weights }) => weights as readonly number[] },
])();

/** The names of the kernels that {@link registerKernels} registers. */
export const kernelNames = ({ names }: LoadedKernels): readonly string[] => [...names, reshapeOperation.kernelName];

/**
 * Registers the kernels of this package for the backend `tensorflow`. Those that an older set-up did not compile are left out:
 * their compositions compute.
 */
export function registerKernels(backend: TfjsNodeBackend, loaded: LoadedKernels, arithmetic: Arithmetic): void {
  const call = callerOf(backend, loaded);
  for (const { operation, inputs: namesOf, attributes } of KERNELS) {
    const { kernelName } = operation;
    const kernel = loaded.names.indexOf(kernelName);
    if (kernel === -1) continue;
    registerOperationKernel(operation, 'tensorflow', ({ inputs: given, attrs }) => {
      const settings = (attrs ?? {}) as Attributes;
      const names = typeof namesOf === 'function' ? namesOf(settings) : namesOf;
      const inputs =
        names === undefined
          ? inOrder(given as Record<string, TensorInfo>)
          : names.map((name) => given[name] as TensorInfo);
      const outputs = call(kernelName, kernel, inputs, attributes?.(settings, inputs, arithmetic));
      return outputs.length === 1 ? outputs[0]! : outputs;
    });
  }
  registerOperationKernel(reshapeOperation, 'tensorflow', ({ inputs: { x }, attrs }) => {
    const { shape } = attrs as unknown as { readonly shape: readonly number[] };
    return call(reshapeOperation.kernelName, RESHAPE, [x as TensorInfo], shape)[0]!;
  });
  const add = loaded.names.indexOf(addOperation.kernelName);
  // TensorFlow.js adds up gradients with its own operation, a hundred times in a training step.
  if (add !== -1) replaceAdd((a, b) => call(Add, add, [a, b])[0]!);
}

/** Unregisters the kernels: the compositions and TensorFlow's own operations compute again. */
export function unregisterKernels(): void {
  for (const { operation } of KERNELS) unregisterOperationKernel(operation, 'tensorflow');
  unregisterOperationKernel(reshapeOperation, 'tensorflow');
  if (tensorflowAdd !== undefined) register(tensorflowAdd);
}

/** The number of the kernel that makes a view of another shape. */
const RESHAPE = -1;

/** TensorFlow.js's own kernel of `Add`. */
let tensorflowAdd: KernelConfig | undefined;

/** Replaces TensorFlow.js's addition of float32 tensors of one shape. */
function replaceAdd(add: (a: TensorInfo, b: TensorInfo) => TensorInfo): void {
  const original = (tensorflowAdd ??= getKernel(Add, 'tensorflow'));
  register({
    ...original,
    kernelFunc: (call) => {
      const { a, b } = call.inputs as { readonly a: TensorInfo; readonly b: TensorInfo };
      const simple = a.dtype === 'float32' && b.dtype === 'float32' && util.arraysEqual(a.shape, b.shape);
      return simple ? add(a, b) : original.kernelFunc(call);
    },
  });
}

function register(kernel: KernelConfig): void {
  unregisterKernel(kernel.kernelName, kernel.backendName);
  registerKernel(kernel);
}

/** Calls a kernel by its index, and returns its outputs. */
type KernelCaller = (
  name: string,
  kernel: number,
  inputs: readonly TensorInfo[],
  settings?: readonly (boolean | number)[],
) => TensorInfo[];

function callerOf(backend: TfjsNodeBackend, { numbers, run }: LoadedKernels): KernelCaller {
  const dtype = backend.binding.TF_FLOAT;
  return (name, kernel, inputs, settings = []) => {
    const ids = backend.getInputTensorIds(inputs);
    // As many as the binding has room for.
    if (3 + settings.length + ids.length > numbers.length) throw tooMany(name);
    let at = 0;
    numbers[at++] = kernel;
    numbers[at++] = settings.length;
    for (const setting of settings) numbers[at++] = Number(setting);
    numbers[at++] = ids.length;
    for (const id of ids) numbers[at++] = id;
    try {
      run();
    } catch (cause) {
      throw new TaggerError('BACKEND_FAILED', `${name}: ${(cause as Error).message}.`, { cause });
    }
    const outputs: TensorInfo[] = [];
    at = 1;
    for (let rest = numbers[0] as number; rest > 0; rest--) {
      const id = numbers[at++] as number;
      const shape: number[] = [];
      for (let axes = numbers[at++] as number; axes > 0; axes--) shape.push(numbers[at++] as number);
      const dataId = {};
      backend.tensorMap.set(dataId, { shape, dtype, id, values: null, refCount: 1 });
      outputs.push({ dataId, shape, dtype: 'float32' });
    }
    return outputs;
  };
}

function tooMany(kernelName: string): TaggerError {
  return new TaggerError('INVALID_SHAPE', `${kernelName}: too many inputs for one call. Use fewer.`);
}

/** Inputs in the order of the numbers at the end of their names. */
function inOrder(given: Readonly<Record<string, TensorInfo>>): TensorInfo[] {
  const number = (name: string) => Number(name.slice(name.lastIndexOf('_') + 1));
  const names = Object.keys(given).sort((a, b) => number(a) - number(b));
  return names.map((name) => given[name] as TensorInfo);
}
