import {
  adamUpdateOperation,
  addBiasGradientOperation,
  addBiasOperation,
  biasScaleGradientOperation,
  biasScaleOperation,
  bitflipCostGradientOperation,
  bitflipCostOperation,
  bitflipLikelihoodGradientOperation,
  bitflipLikelihoodOperation,
  bitflipModelingErrorGradientOperation,
  bitflipModelingErrorOperation,
  columnSumOperation,
  COMBINATOR_PARAMETERS,
  combinatorGradientOperation,
  combinatorOperation,
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
  groupSoftmaxGradientOperation,
  groupSoftmaxOperation,
  normalizeGradientOperation,
  normalizeOperation,
  registerOperationKernel,
  reluGradientOperation,
  reluOperation,
  sigmoidGradientOperation,
  sigmoidOperation,
  softmaxGradientOperation,
  softmaxOperation,
  stackFeaturesGradientOperation,
  stackFeaturesOperation,
  sumOfSquaresOperation,
  unregisterOperationKernel,
} from '@taggerjs/nn';
import type { TensorInfo } from '@tensorflow/tfjs-core';

import type { TfjsNodeBackend } from './load-tfjs-node';

/** The attributes of an operation of nn. */
type Attributes = Readonly<Record<string, unknown>>;

/** A kernel of this package (binding/kernels) for an operation of `@taggerjs/nn`, as TensorFlow's operation of that name. */
interface OwnKernel {
  readonly operation: { readonly kernelName: string };
  /** The names of the inputs, in the kernel's order. @default all, in their own order */
  readonly inputs?: readonly string[];
  /** The number of outputs. @default 1 */
  readonly outputs?: number | ((inputs: readonly TensorInfo[], attributes: Attributes) => number);
  /** The kernel's attributes: a boolean, a number as float32, or an integer. @default none */
  readonly attributes?: (
    attributes: Attributes,
    inputs: readonly TensorInfo[],
  ) => Readonly<Record<string, boolean | number | { readonly whole: number }>>;
  /** Numbers that differ from call to call: one more input. TensorFlow would cache a kernel for each attribute value. @default none */
  readonly numbers?: (attributes: Attributes) => readonly number[];
}

const relu = ({ activation }: Attributes) => ({ relu: activation === 'relu' });
const axis = ({ axis: whole }: Attributes) => ({ axis: { whole: whole as number } });
const linear = ({ gate }: Attributes) => ({ linear: gate === 'linear' });
/** Computes 1 - 2 beta in float64. */
const flip = (beta: number) => ({ scale: 1 - 2 * beta, flip: beta });
const ofProbability = ({ probability }: Attributes) => flip(probability as number);
const noise = ({ standardDeviation }: Attributes) => ({ noise: (standardDeviation as number) ** 2 });
const ofEpsilon = ({ epsilon }: Attributes) => flip(epsilon as number);
const normalization = (attributes: Attributes) => ({
  ...relu(attributes),
  by_rows: attributes['norm'] === 'layer',
  has_gain: attributes['hasGain'] === true,
  has_bias: attributes['hasBias'] === true,
});

const KERNELS = /* @__PURE__ */ ((): readonly OwnKernel[] => [
  {
    operation: normalizeOperation,
    inputs: ['x', 'gain', 'bias'],
    outputs: 3,
    attributes: (attributes) => ({ ...normalization(attributes), epsilon: attributes['epsilon'] as number }),
  },
  {
    operation: normalizeGradientOperation,
    inputs: ['dy', 'dMean', 'dInverseStd', 'x', 'gain', 'bias', 'y', 'mean', 'inverseStd'],
    outputs: 3,
    attributes: normalization,
  },
  { operation: combinatorOperation, inputs: ['s', 'u', ...COMBINATOR_PARAMETERS], attributes: linear },
  {
    operation: combinatorGradientOperation,
    inputs: ['dy', 's', 'u', ...COMBINATOR_PARAMETERS],
    outputs: 12,
    attributes: linear,
  },
  { operation: groupSoftmaxOperation, inputs: ['logits'], outputs: 2 },
  { operation: groupSoftmaxGradientOperation, inputs: ['dm', 'dLogM', 'm'] },
  { operation: softmaxOperation, inputs: ['x'], attributes: axis },
  { operation: softmaxGradientOperation, inputs: ['dy', 'y'], attributes: axis },
  { operation: sigmoidOperation, inputs: ['x'] },
  { operation: sigmoidGradientOperation, inputs: ['dy', 'y'] },
  { operation: reluOperation, inputs: ['x'] },
  { operation: reluGradientOperation, inputs: ['dy', 'y'] },
  { operation: addBiasOperation, inputs: ['x', 'bias'], attributes: relu },
  { operation: addBiasGradientOperation, inputs: ['dy', 'y'], outputs: 2 },
  { operation: biasScaleOperation, inputs: ['x', 'bias', 'gain'] },
  { operation: biasScaleGradientOperation, inputs: ['dy', 'x', 'bias', 'gain'], outputs: 3 },
  { operation: columnSumOperation, inputs: ['x'] },
  { operation: sumOfSquaresOperation, inputs: ['x'] },
  {
    operation: stackFeaturesOperation,
    attributes: (_, inputs) => ({ count: { whole: inputs.length } }),
  },
  {
    operation: stackFeaturesGradientOperation,
    inputs: ['dy'],
    outputs: features,
    attributes: (attributes, inputs) => ({
      count: { whole: features(inputs, attributes) },
      groups: { whole: attributes['groups'] as number },
      batch: { whole: attributes['batch'] as number },
      size: { whole: attributes['size'] as number },
    }),
  },
  { operation: bitflipLikelihoodOperation, inputs: ['corrupted', 'z'], attributes: ofProbability },
  { operation: bitflipLikelihoodGradientOperation, inputs: ['dy', 'corrupted', 'z', 'L'], attributes: ofProbability },
  { operation: bitflipModelingErrorOperation, inputs: ['corrupted', 'z', 'm'], attributes: ofProbability },
  {
    operation: bitflipModelingErrorGradientOperation,
    inputs: ['dy', 'corrupted', 'z', 'm', 'dz'],
    outputs: 2,
    attributes: ofProbability,
  },
  { operation: bitflipCostOperation, inputs: ['x', 'z', 'm'], attributes: ofEpsilon },
  { operation: bitflipCostGradientOperation, inputs: ['dy', 'x', 'z', 'm'], outputs: 2, attributes: ofEpsilon },
  { operation: gaussianLikelihoodOperation, inputs: ['corrupted', 'z', 'logVariance'], attributes: noise },
  {
    operation: gaussianLikelihoodGradientOperation,
    inputs: ['dy', 'corrupted', 'z', 'logVariance', 'L'],
    outputs: 2,
    attributes: noise,
  },
  { operation: gaussianAlgorithmErrorOperation, inputs: ['corrupted', 'z', 'm', 'logVariance'], attributes: noise },
  {
    operation: gaussianAlgorithmErrorGradientOperation,
    inputs: ['dy', 'corrupted', 'z', 'm', 'logVariance'],
    outputs: 3,
    attributes: noise,
  },
  { operation: gaussianExactErrorOperation, inputs: ['corrupted', 'z', 'logM', 'logVariance'], attributes: noise },
  {
    operation: gaussianExactErrorGradientOperation,
    inputs: ['dy', 'corrupted', 'z', 'logM', 'logVariance'],
    outputs: 3,
    attributes: noise,
  },
  { operation: gaussianResidualErrorOperation, inputs: ['corrupted', 'z', 'm'] },
  { operation: gaussianResidualErrorGradientOperation, inputs: ['dy', 'corrupted', 'z', 'm'], outputs: 2 },
  { operation: gaussianCostOperation, inputs: ['x', 'z', 'logM', 'logVariance'] },
  { operation: gaussianCostGradientOperation, inputs: ['dy', 'x', 'z', 'logM', 'logVariance'], outputs: 3 },
  {
    operation: adamUpdateOperation,
    inputs: ['parameter', 'gradient', 'm', 'v'],
    outputs: 3,
    numbers(attributes) {
      const { learningRate, beta1, beta2, epsilon, step } = attributes as Record<string, number>;
      const correction = 1 / Math.sqrt(1 - beta2! ** step!);
      return [beta1!, 1 - beta1!, beta2!, 1 - beta2!, correction, epsilon!, learningRate! / (1 - beta1! ** step!)];
    },
  },
])();

/** The number of features next to each other in the first input. */
function features([dy]: readonly TensorInfo[], { size }: Attributes): number {
  return (dy as TensorInfo).shape[1]! / (size as number);
}

/** The names of all kernels of this package. */
export const KERNEL_NAMES: readonly string[] = /* @__PURE__ */ KERNELS.map(({ operation }) => operation.kernelName);

/** Registers the kernels of this package for the backend `tensorflow`; their library must have been loaded. */
export function registerKernels(backend: TfjsNodeBackend): void {
  for (const kernel of KERNELS) registerOperationKernel(kernel.operation, 'tensorflow', kernelOf(kernel, backend));
}

/** Unregisters the kernels: the compositions compute again. */
export function unregisterKernels(): void {
  for (const { operation } of KERNELS) unregisterOperationKernel(operation, 'tensorflow');
}

function kernelOf({ operation, inputs: names, outputs = 1, attributes, numbers }: OwnKernel, backend: TfjsNodeBackend) {
  const { binding } = backend;
  const attributeOf = (name: string, value: boolean | number | { readonly whole: number }) => {
    if (typeof value === 'boolean') return { name, type: binding.TF_ATTR_BOOL, value };
    if (typeof value === 'number') return { name, type: binding.TF_ATTR_FLOAT, value };
    return { name, type: binding.TF_ATTR_INT, value: value.whole };
  };
  const compute = (given: Record<string, TensorInfo>, settings: Attributes) => {
    const inputs = names === undefined ? inOrder(given) : names.map((name) => given[name] as TensorInfo);
    const ids = backend.getInputTensorIds(inputs);
    const values = numbers?.(settings);
    const extra = values && binding.createTensor([values.length], binding.TF_FLOAT, Float32Array.from(values));
    try {
      const count = typeof outputs === 'number' ? outputs : outputs(inputs, settings);
      const wanted = Object.entries(attributes?.(settings, inputs) ?? {});
      const made = binding.executeOp(
        operation.kernelName,
        wanted.map(([name, value]) => attributeOf(name, value)),
        extra === undefined ? ids : [...ids, extra],
        count,
      );
      const tensors = made.map((metadata) => backend.createOutputTensor(metadata));
      return tensors.length === 1 ? tensors[0]! : tensors;
    } finally {
      if (extra !== undefined) binding.deleteTensor(extra);
    }
  };
  return ({ inputs, attrs }: { inputs: unknown; attrs?: unknown }) =>
    compute(inputs as Record<string, TensorInfo>, (attrs ?? {}) as Attributes);
}

/** Inputs in the order of the numbers at the end of their names. */
function inOrder(given: Readonly<Record<string, TensorInfo>>): TensorInfo[] {
  const number = (name: string) => Number(name.slice(name.lastIndexOf('_') + 1));
  const names = Object.keys(given).sort((a, b) => number(a) - number(b));
  return names.map((name) => given[name] as TensorInfo);
}
