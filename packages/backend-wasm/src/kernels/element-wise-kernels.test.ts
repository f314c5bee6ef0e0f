import * as nn from '@taggerjs/nn';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';

import { useWasm } from '../index.node';
import { callIsolated, type Values } from '../testing/isolated-context';
import { isolateKernels, KERNEL_VARIANTS } from '../testing/kernel-variants';
import { KERNELS } from './start-kernels';

type Inputs = Record<string, Values>;
type Attributes = Record<string, boolean | number | string | readonly number[]>;
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- any operation
type AnyOperation = nn.Operation<any, any, any>;

/** An operation that one of our kernels computes, and its test inputs. */
interface Trial {
  readonly operation: AnyOperation;
  /** Inputs of the given sizes: [a, b] for a matrix, [a, b, c] for groups. */
  readonly inputs: (sizes: readonly [number, number, number], attributes: Attributes) => Inputs;
  readonly attributes?: readonly Attributes[];
  /** Attributes that depend on the sizes. */
  readonly sized?: (sizes: readonly [number, number, number]) => Attributes;
  /** The magnitude of the values that are summed to a scalar, from all expected outputs. @default about 1 */
  readonly summand?: (expected: readonly Values[]) => number;
}

let seed = 0;
/** Values in no particular order between two numbers. */
function values(shape: readonly number[], from = -3, to = 3): Values {
  seed += 1;
  const length = shape.reduce((product, size) => product * size, 1);
  return {
    shape,
    data: Float32Array.from({ length }, (_, i) => {
      const noise = Math.sin(12.9898 * (i + 1) + 78.233 * (seed % 97)) * 43758.5453;
      return from + (to - from) * (noise - Math.floor(noise));
    }),
  };
}

const map = ({ shape, data }: Values, f: (value: number) => number): Values => ({
  shape,
  data: Float32Array.from(data, f),
});
const bits = (shape: readonly number[]) => map(values(shape), (value) => Number(value > 0));
const rectified = (shape: readonly number[]) => map(values(shape), (value) => Math.max(0, value));

const NORMALIZATIONS = (['layer', 'batch'] as const).flatMap((norm) =>
  (['none', 'relu'] as const).flatMap((activation) =>
    (['none', 'scalar', 'vector'] as const).flatMap((gain) =>
      (['none', 'scalar', 'vector'] as const).map((bias) => ({
        norm,
        activation,
        epsilon: norm === 'layer' ? 1e-8 : 1e-10,
        hasGain: gain !== 'none',
        hasBias: bias !== 'none',
        gain,
        bias,
      })),
    ),
  ),
);
const normalizationInputs = ([rows, columns]: readonly number[], { hasGain, gain, hasBias, bias }: Attributes) => ({
  x: values([rows!, columns!]),
  gain: hasGain ? values(gain === 'vector' ? [columns!] : []) : { shape: [], data: [1] },
  bias: hasBias ? values(bias === 'vector' ? [columns!] : []) : { shape: [], data: [0] },
});
const combinatorInputs = ([rows, columns]: readonly number[]) => ({
  s: values([rows!, columns!]),
  u: values([rows!, columns!]),
  ...Object.fromEntries(nn.COMBINATOR_PARAMETERS.map((name) => [name, values([columns!], -2, 2)])),
});
const bitflipInputs = (shape: readonly [number, number, number]) => ({
  corrupted: bits(shape.slice(1)),
  z: values(shape, 0.02, 0.98),
});
const PROBABILITIES = [{ probability: 0.2 }, { probability: 0.03 }];
/** Assignments: their sum over groups is one, so the modeling error never divides by less than the probability. */
function assignments(shape: readonly [number, number, number]): Values {
  const { data } = values(shape, 0.1, 1);
  const size = shape[1] * shape[2];
  const total = new Float64Array(size);
  for (let i = 0; i < data.length; i++) total[i % size]! += data[i]!;
  return { shape, data: Float32Array.from(data, (value, i) => value / total[i % size]!) };
}

/** The values of four features side by side; NaN for those that vary. */
const CONSTANTS = [0.3, NaN, NaN, -0.25];
/** Such features, [rows, 4 size]. */
function features(rows: number, size: number): Values {
  const { shape, data } = values([rows, 4 * size]);
  const of = (i: number) => CONSTANTS[Math.floor((i % (4 * size)) / size)]!;
  return { shape, data: Float32Array.from(data, (value, i) => (Number.isNaN(of(i)) ? value : of(i))) };
}

const gaussianInputs = (shape: readonly [number, number, number]) => ({
  corrupted: values(shape.slice(1), -1, 1),
  z: values(shape, -1, 1),
  logVariance: values([], -2, 1),
});
const DEVIATIONS = [{ standardDeviation: 0.2 }, { standardDeviation: 0.7 }];

/** Inputs of pixels with five channels: x and z, and m or log m of the pixels. */
const CHANNELS = 5;
const ofChannels = () => ({ channels: CHANNELS });
type Sizes = readonly [number, number, number];
const valuesOf = ([K, B, P]: Sizes): Sizes => [K, B, CHANNELS * P];
const bitflipPixels = (shape: Sizes) => bitflipInputs(valuesOf(shape));
const gaussianPixels = (shape: Sizes) => gaussianInputs(valuesOf(shape));
const costOf = ({ corrupted, ...inputs }: Inputs): Inputs => ({ x: corrupted!, ...inputs });

const ADAM = { learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

const TRIALS: readonly Trial[] = [
  {
    operation: nn.normalizeOperation,
    inputs: normalizationInputs,
    attributes: NORMALIZATIONS.flatMap((each) => [each, { ...each, onlyOutput: true }]),
  },
  {
    operation: nn.normalizeGradientOperation,
    inputs([rows, columns], attributes) {
      const count = attributes['norm'] === 'layer' ? rows : columns;
      return {
        ...normalizationInputs([rows, columns], attributes),
        dy: values([rows, columns]),
        dMean: values([count]),
        dInverseStd: values([count]),
        y: rectified([rows, columns]),
        mean: values([count], -0.5, 0.5),
        inverseStd: values([count], 0.5, 2),
      };
    },
    attributes: NORMALIZATIONS,
  },
  {
    operation: nn.combinatorOperation,
    inputs: combinatorInputs,
    attributes: [{ gate: 'sigmoid' }, { gate: 'linear' }],
  },
  {
    operation: nn.combinatorGradientOperation,
    inputs: ([rows, columns]) => ({ dy: values([rows, columns]), ...combinatorInputs([rows, columns]) }),
    attributes: [{ gate: 'sigmoid' }, { gate: 'linear' }],
  },
  {
    operation: nn.stackFeaturesOperation,
    inputs: (shape) => Object.fromEntries([0, 1, 2].map((i) => [`feature_${i}`, values(shape)])),
    sized: ([groups, batch, size]) => ({ groups, batch, size }),
  },
  {
    operation: nn.stackFeaturesGradientOperation,
    inputs: ([groups, batch, size]) => ({ dy: values([groups * batch, 3 * size]) }),
    sized: ([groups, batch, size]) => ({ groups, batch, size }),
  },
  {
    operation: nn.im2colOperation,
    inputs: ([rows, columns, channels]) => ({ x: values([2 * rows * columns, channels]) }),
    sized: ([rows, columns]) => ({ images: 2, rows, columns }),
  },
  {
    operation: nn.im2colGradientOperation,
    inputs: ([rows, columns, channels]) => ({ dy: values([2 * rows * columns, 9 * channels]) }),
    sized: ([rows, columns]) => ({ images: 2, rows, columns }),
  },
  {
    operation: nn.swapAxesOperation,
    inputs: ([a, b, inner]) => ({ x: values([2 * a, b * inner]) }),
    sized: ([a, b, inner]) => ({ view: [2, a, b, inner], shape: [2 * b, a * inner], inputShape: [2 * a, b * inner] }),
  },
  {
    operation: nn.softmaxOperation,
    inputs: (shape) => ({ x: values(shape, -30, 30) }),
    attributes: [{ axis: 0 }, { axis: 1 }, { axis: 2 }],
  },
  {
    operation: nn.softmaxGradientOperation,
    inputs: (shape) => ({ dy: values(shape), y: values(shape, 0, 1) }),
    attributes: [{ axis: 0 }, { axis: 1 }, { axis: 2 }],
  },
  { operation: nn.groupSoftmaxOperation, inputs: (shape) => ({ logits: values(shape, -30, 30) }) },
  {
    operation: nn.groupSoftmaxGradientOperation,
    inputs: (shape) => ({ dm: values(shape), dLogM: values(shape), m: values(shape, 0, 1) }),
  },
  { operation: nn.sigmoidOperation, inputs: (shape) => ({ x: values(shape, -20, 20) }) },
  { operation: nn.sigmoidGradientOperation, inputs: (shape) => ({ dy: values(shape), y: values(shape, 0, 1) }) },
  { operation: nn.reluOperation, inputs: (shape) => ({ x: values(shape) }) },
  { operation: nn.reluGradientOperation, inputs: (shape) => ({ dy: values(shape), y: rectified(shape) }) },
  {
    operation: nn.addBiasOperation,
    inputs: ([rows, columns]) => ({ x: values([rows, columns]), bias: values([columns]) }),
    attributes: [{ activation: 'none' }, { activation: 'relu' }],
  },
  {
    operation: nn.addBiasGradientOperation,
    inputs: ([rows, columns]) => ({ dy: values([rows, columns]), y: rectified([rows, columns]) }),
  },
  {
    operation: nn.biasScaleOperation,
    inputs: ([rows, columns]) => ({ x: values([rows, columns]), bias: values([columns]), gain: values([columns]) }),
  },
  {
    operation: nn.biasScaleGradientOperation,
    inputs: ([rows, columns]) => ({
      dy: values([rows, columns]),
      x: values([rows, columns]),
      bias: values([columns]),
      gain: values([columns]),
    }),
  },
  {
    operation: nn.columnSumOperation,
    inputs: ([rows, columns]) => ({ x: values([rows, columns]) }),
    sized: ([rows]) => ({ rows }),
  },
  {
    operation: nn.featureProductOperation,
    inputs: ([a, size, columns]) => ({ x: features(5 * a, size), weights: values([4 * size, columns]) }),
    sized: () => ({ constants: CONSTANTS }),
  },
  {
    operation: nn.featureProductGradientOperation,
    inputs: ([a, size, columns]) => ({ x: features(5 * a, size), dy: values([5 * a, columns]) }),
    sized: () => ({ constants: CONSTANTS }),
  },
  { operation: nn.bitflipLikelihoodOperation, inputs: bitflipInputs, attributes: PROBABILITIES },
  {
    operation: nn.bitflipLikelihoodGradientOperation,
    inputs: (shape) => ({ ...bitflipInputs(shape), dy: values(shape), L: values(shape, 0, 1) }),
    attributes: PROBABILITIES,
  },
  {
    operation: nn.bitflipModelingErrorOperation,
    inputs: (shape) => ({ ...bitflipInputs(shape), m: assignments(shape) }),
    attributes: PROBABILITIES,
  },
  {
    operation: nn.bitflipModelingErrorGradientOperation,
    inputs: (shape) => ({ ...bitflipInputs(shape), m: assignments(shape), dy: values(shape), dz: values(shape) }),
    attributes: PROBABILITIES,
  },
  {
    operation: nn.bitflipCostOperation,
    inputs: (shape) => ({ x: bits(shape.slice(1)), z: values(shape, 0, 1), m: values(shape, 0, 1 / shape[0]) }),
    attributes: [{ epsilon: 1e-4 }, { epsilon: 0.01 }],
  },
  {
    operation: nn.bitflipCostGradientOperation,
    inputs: (shape) => ({
      x: bits(shape.slice(1)),
      z: values(shape, 0, 1),
      m: values(shape, 0, 1 / shape[0]),
      dy: values([]),
    }),
    attributes: [{ epsilon: 1e-4 }, { epsilon: 0.01 }],
  },
  { operation: nn.gaussianLikelihoodOperation, inputs: gaussianInputs, attributes: DEVIATIONS },
  {
    operation: nn.gaussianLikelihoodGradientOperation,
    inputs: (shape) => ({ ...gaussianInputs(shape), dy: values(shape), L: values(shape, 0, 1) }),
    attributes: DEVIATIONS,
    // The gradient of log v sums v / 2s dz d, with v < s and |d| <= 2.
    summand: ([dz]) => Math.max(1, largest(dz!)),
  },
  {
    operation: nn.gaussianAlgorithmErrorOperation,
    inputs: (shape) => ({ ...gaussianInputs(shape), m: assignments(shape) }),
    attributes: DEVIATIONS,
  },
  {
    operation: nn.gaussianAlgorithmErrorGradientOperation,
    inputs: (shape) => ({ ...gaussianInputs(shape), m: assignments(shape), dy: values(shape) }),
    attributes: DEVIATIONS,
  },
  {
    operation: nn.gaussianExactErrorOperation,
    inputs: (shape) => ({ ...gaussianInputs(shape), logM: values(shape, -5, 0) }),
    attributes: DEVIATIONS,
  },
  {
    operation: nn.gaussianExactErrorGradientOperation,
    inputs: (shape) => ({ ...gaussianInputs(shape), logM: values(shape, -5, 0), dy: values(shape) }),
    attributes: DEVIATIONS,
  },
  {
    operation: nn.gaussianResidualErrorOperation,
    inputs: (shape) => ({ corrupted: values(shape.slice(1)), z: values(shape), m: assignments(shape) }),
  },
  {
    operation: nn.gaussianResidualErrorGradientOperation,
    inputs: (shape) => ({
      corrupted: values(shape.slice(1)),
      z: values(shape),
      m: assignments(shape),
      dy: values(shape),
    }),
  },
  {
    operation: nn.gaussianCostOperation,
    inputs: ([K, B, N]) => ({
      x: values([B, N]),
      z: values([K, B, N]),
      logM: values([K, B, N], -5, 0),
      logVariance: values([], -1, 1),
    }),
  },
  {
    operation: nn.gaussianCostGradientOperation,
    inputs: ([K, B, N]) => ({
      x: values([B, N]),
      z: values([K, B, N]),
      logM: values([K, B, N], -5, 0),
      logVariance: values([], -1, 1),
      dy: values([]),
    }),
  },
  { operation: nn.sumOfSquaresOperation, inputs: (shape) => ({ x: values(shape) }) },
  {
    operation: nn.adamUpdateOperation,
    inputs: (shape) => ({
      parameter: values(shape),
      gradient: values(shape),
      m: values(shape),
      v: values(shape, 0, 2),
    }),
    attributes: [1, 2, 1000].map((step) => ({ ...ADAM, step })),
  },
  {
    operation: nn.globalNormOperation,
    inputs: (shape) => ({ x_0: values(shape), x_1: values([2, 3]), x_2: values([]) }),
  },
  {
    operation: nn.weightedSumOperation,
    inputs: () => Object.fromEntries([0, 1, 2].map((i) => [`scalar_${i}`, values([])])),
    attributes: [{ weights: [0.3, -1.2, 7] }],
  },
  {
    operation: nn.adamUpdatesOperation,
    inputs: (shape, { hasScale, hasAverage }) => ({
      ...Object.fromEntries(
        [shape, [5], shape].flatMap((of, i) => [
          [`parameter_${i}`, values(of)],
          [`gradient_${i}`, values(of)],
          [`m_${i}`, values(of)],
          [`v_${i}`, values(of, 0, 2)],
          ...(hasAverage ? [[`average_${i}`, values(of)] as const] : []),
        ]),
      ),
      ...(hasScale && { scale: values([], 0.1, 1) }),
    }),
    attributes: [true, false].flatMap((hasScale) =>
      [false, true].map((hasAverage) => ({ ...ADAM, count: 3, hasScale, hasAverage, averageDecay: 0.95, step: 5 })),
    ),
  },
  {
    operation: nn.stackFeaturesOperation,
    inputs: ([K, B, P]) => ({
      feature_0: values([K, B, CHANNELS * P]),
      feature_1: values([K, B, P]),
      feature_2: values([K, B, CHANNELS * P]),
    }),
    sized: ([groups, batch, size]) => ({ groups, batch, size, planes: [CHANNELS, 1, CHANNELS], ...ofChannels() }),
  },
  {
    operation: nn.stackFeaturesGradientOperation,
    inputs: ([K, B, P]) => ({ dy: values([K * B, (2 * CHANNELS + 1) * P]) }),
    sized: ([groups, batch, size]) => ({ groups, batch, size, planes: [CHANNELS, 1, CHANNELS], ...ofChannels() }),
  },
  {
    operation: nn.bitflipPixelLikelihoodOperation,
    inputs: (shape) => bitflipPixels(shape),
    attributes: PROBABILITIES,
    sized: ofChannels,
  },
  {
    operation: nn.bitflipPixelLikelihoodGradientOperation,
    inputs: (shape) => ({ ...bitflipPixels(shape), dy: values(shape), L: values(shape, 0, 1) }),
    attributes: PROBABILITIES,
    sized: ofChannels,
  },
  {
    operation: nn.bitflipPixelErrorOperation,
    inputs: (shape) => ({ ...bitflipPixels(shape), logM: values(shape, -5, 0) }),
    attributes: PROBABILITIES,
    sized: ofChannels,
  },
  {
    operation: nn.bitflipPixelErrorGradientOperation,
    inputs: (shape) => ({ ...bitflipPixels(shape), logM: values(shape, -5, 0), dy: values(valuesOf(shape)) }),
    attributes: PROBABILITIES,
    sized: ofChannels,
  },
  {
    operation: nn.bitflipPixelCostOperation,
    inputs: (shape) => costOf({ ...bitflipPixels(shape), logM: values(shape, -5, 0) }),
    attributes: PROBABILITIES,
    sized: ofChannels,
  },
  {
    operation: nn.bitflipPixelCostGradientOperation,
    inputs: (shape) => costOf({ ...bitflipPixels(shape), logM: values(shape, -5, 0), dy: values([]) }),
    attributes: PROBABILITIES,
    sized: ofChannels,
  },
  {
    operation: nn.gaussianLikelihoodOperation,
    inputs: (shape) => gaussianPixels(shape),
    attributes: DEVIATIONS,
    sized: ofChannels,
  },
  {
    operation: nn.gaussianLikelihoodGradientOperation,
    inputs: (shape) => ({ ...gaussianPixels(shape), dy: values(shape), L: values(shape, 0, 1) }),
    attributes: DEVIATIONS,
    sized: ofChannels,
    summand: ([dz]) => Math.max(1, largest(dz!)),
  },
  {
    operation: nn.gaussianAlgorithmErrorOperation,
    inputs: (shape) => ({ ...gaussianPixels(shape), m: assignments(shape) }),
    attributes: DEVIATIONS,
    sized: ofChannels,
  },
  {
    operation: nn.gaussianAlgorithmErrorGradientOperation,
    inputs: (shape) => ({ ...gaussianPixels(shape), m: assignments(shape), dy: values(valuesOf(shape)) }),
    attributes: DEVIATIONS,
    sized: ofChannels,
    summand: ([dz]) => Math.max(1, largest(dz!)),
  },
  {
    operation: nn.gaussianExactErrorOperation,
    inputs: (shape) => ({ ...gaussianPixels(shape), logM: values(shape, -5, 0) }),
    attributes: DEVIATIONS,
    sized: ofChannels,
  },
  {
    operation: nn.gaussianExactErrorGradientOperation,
    inputs: (shape) => ({ ...gaussianPixels(shape), logM: values(shape, -5, 0), dy: values(valuesOf(shape)) }),
    attributes: DEVIATIONS,
    sized: ofChannels,
    summand: ([dz]) => Math.max(1, largest(dz!)),
  },
  {
    operation: nn.gaussianResidualErrorOperation,
    inputs: (shape) => ({
      corrupted: values(valuesOf(shape).slice(1)),
      z: values(valuesOf(shape)),
      m: assignments(shape),
    }),
    sized: ofChannels,
  },
  {
    operation: nn.gaussianResidualErrorGradientOperation,
    inputs: (shape) => ({
      corrupted: values(valuesOf(shape).slice(1)),
      z: values(valuesOf(shape)),
      m: assignments(shape),
      dy: values(valuesOf(shape)),
    }),
    sized: ofChannels,
  },
  {
    operation: nn.gaussianCostOperation,
    inputs: (shape) => costOf({ ...gaussianPixels(shape), logM: values(shape, -5, 0) }),
    sized: ofChannels,
  },
  {
    operation: nn.gaussianCostGradientOperation,
    inputs: (shape) => costOf({ ...gaussianPixels(shape), logM: values(shape, -5, 0), dy: values([]) }),
    sized: ofChannels,
  },
];

const nameOf = (trial: Trial): string =>
  ((attributesOf(trial, [1, 1, 1])[0]!['channels'] ?? 1) as number) > 1
    ? nn.ofChannels(trial.operation).kernelName
    : trial.operation.kernelName;
const attributesOf = ({ attributes = [{}], sized }: Trial, sizes: readonly [number, number, number]): Attributes[] =>
  attributes.map((each) => ({ ...each, ...sized?.(sizes) }));
const TABLE = TRIALS.map((trial) => [nameOf(trial), trial] as const);

/** The outputs of the operation on the current backend. */
async function compute(operation: AnyOperation, inputs: Inputs, attributes: Attributes): Promise<Values[]> {
  const tensors = Object.fromEntries(
    Object.entries(inputs).map(([name, { shape, data }]) => [name, tf.tensor(Float32Array.from(data), [...shape])]),
  );
  const outputs = operation(tensors, attributes) as tf.Tensor[];
  const results: Values[] = [];
  for (const output of outputs) results.push({ shape: output.shape, data: await output.data<'float32'>() });
  tf.dispose([tensors, outputs]);
  return results;
}

function largest({ data }: Values): number {
  return Array.from(data).reduce((most, value) => (Math.abs(value) > most ? Math.abs(value) : most), 0);
}

/** The operations with one-dimensional outputs that are sums over rows, such as the gradients of a bias or a gain. */
const SUM_ROWS = [
  nn.addBiasGradientOperation,
  nn.biasScaleGradientOperation,
  nn.columnSumOperation,
  nn.combinatorGradientOperation,
  nn.normalizeGradientOperation,
].map(({ kernelName }) => kernelName);

/**
 * Fails unless values equal the expected ones up to rounding, and are NaN exactly where those are. Sums, over rows or to one
 * number, may be small compared with their terms: their rounding error grows with the number of terms, whatever the sum is.
 *
 * @param size the number of elements that the operation handles
 */
function compare({ operation, summand }: Trial, actual: readonly Values[], expected: readonly Values[], size: number) {
  const name = operation.kernelName;
  expect(actual.map(({ shape }) => shape)).toEqual(expected.map(({ shape }) => shape));
  for (const [output, of] of expected.entries()) {
    const { shape, data } = of;
    const isSum = shape.length === 0 || (shape.length === 1 && SUM_ROWS.includes(name));
    const terms = isSum ? Math.max(size / Math.max(data.length, 1), 1) : 1;
    const rounding = 1e-6 * Math.sqrt(terms) * (isSum ? (summand?.(expected) ?? 1) : 1);
    const scale = largest(of);
    for (let i = 0; i < data.length; i++) {
      const [got, wanted] = [actual[output]!.data[i]!, data[i]!];
      if (Number.isNaN(wanted) ? Number.isNaN(got) : Math.abs(got - wanted) <= 1e-5 * scale + rounding) continue;
      throw new Error(`${name}, output ${output}: element ${i} is ${got}, expected ${wanted} (scale ${scale})`);
    }
  }
}

it('covers every element-wise kernel', () => {
  const names = KERNELS.map(({ operation }) => operation.kernelName).filter((name) => name !== 'TaggerMatMul');
  expect(TABLE.map(([name]) => name).sort()).toEqual(names.sort());
});

describe.each(KERNEL_VARIANTS)('the kernels (%j)', (variant) => {
  let isolated: Awaited<ReturnType<typeof isolateKernels>>;
  const call = (trial: Trial, inputs: Inputs, attributes: Attributes) =>
    callIsolated(
      isolated,
      KERNELS.find((kernel) => kernel.operation.kernelName === nameOf(trial))!,
      inputs,
      attributes,
    );

  beforeAll(async () => {
    await tf.setBackend('cpu');
    isolated = await isolateKernels(variant, 1024);
  });

  it.each(TABLE)('%s: is its composition, and writes nowhere else', async (_, trial) => {
    const size = fc.integer({ min: 1, max: 9 });
    const columns = fc.oneof(size, fc.integer({ min: 10, max: 150 }));
    const isMatrix = Object.values(trial.inputs([1, 1, 1], attributesOf(trial, [1, 1, 1])[0]!))[0]!.shape.length === 2;
    const which = fc.nat({ max: (trial.attributes?.length ?? 1) - 1 });
    const check = fc.asyncProperty(size, size, columns, which, async (a, b, c, i) => {
      // A matrix has the first and the last size, times the size in between.
      const shape = (isMatrix && !trial.sized ? [a * b, c, 1] : [a, b, c]) as [number, number, number];
      const attributes = attributesOf(trial, shape)[i]!;
      const inputs = trial.inputs(shape, attributes);
      compare(trial, call(trial, inputs, attributes), await compute(trial.operation, inputs, attributes), a * b * c);
    });
    await fc.assert(check, { numRuns: (trial.attributes?.length ?? 1) > 8 ? 80 : 30 });
  });

  it.each(TABLE)('%s: writes nothing for empty inputs', (_, trial) => {
    for (const shape of [
      [0, 3, 5],
      [3, 0, 5],
      [3, 5, 0],
      [0, 0, 0],
    ] as const) {
      for (const attributes of attributesOf(trial, shape)) {
        const outputs = call(trial, trial.inputs(shape, attributes), attributes);
        for (const { shape: of, data } of outputs) expect(data).toHaveLength(of.reduce((p, n) => p * n, 1));
      }
    }
  });

  it.each(TABLE)('%s: is NaN like its composition, for NaN in any input', async (_, trial) => {
    for (const { inputs, attributes } of poisoned(trial, [NaN])) {
      const expected = await compute(trial.operation, inputs, attributes);
      compare(trial, call(trial, inputs, attributes), expected, 105);
    }
  });

  it.each(TABLE)('%s: is its composition if that is finite, for infinity in any input', async (_, trial) => {
    for (const { inputs, attributes } of poisoned(trial, [Infinity, -Infinity])) {
      const expected = await compute(trial.operation, inputs, attributes);
      // Elsewhere a kernel may return the limit where the composition is NaN, such as 0 for the rectifier of -Infinity.
      const actual = call(trial, inputs, attributes).map(({ shape, data }, output) => ({
        shape,
        data: data.map((value, i) => {
          const wanted = expected[output]!.data[i]!;
          return Number.isFinite(wanted) ? value : wanted;
        }),
      }));
      const finite = (values: readonly Values[]) => values.map((one) => map(one, (v) => (Number.isFinite(v) ? v : 0)));
      compare(trial, finite(actual), finite(expected), 105);
    }
  });
});

describe.each(KERNEL_VARIANTS)('sums over many rows (%j)', (variant) => {
  const call = async (operation: AnyOperation, inputs: Inputs, attributes: Attributes) =>
    callIsolated(
      await isolateKernels(variant, 1024),
      KERNELS.find((kernel) => kernel.operation.kernelName === operation.kernelName)!,
      inputs,
      attributes,
    );
  const [rows, columns] = [10_243, 5];
  const attributes = { epsilon: 1e-10, activation: 'none', hasGain: false, hasBias: false };
  const none = { gain: { shape: [], data: [1] }, bias: { shape: [], data: [0] } };
  /** Ten rows, repeated: the roundings of a naive sum do not cancel. */
  const repeated = Float32Array.from({ length: rows * columns }, (_, i) => 10 + Math.sin((i % (10 * columns)) * 1.3));
  const inColumns = (data: ArrayLike<number>) => {
    const sums = new Float64Array(columns);
    for (let i = 0; i < data.length; i++) sums[i % columns]! += data[i]!;
    return sums;
  };
  const share = (actual: ArrayLike<number>, expected: Float64Array) =>
    Math.max(...Array.from(expected, (value, i) => Math.abs(actual[i]! / value - 1)));
  /** Seven roundings of float32 for a block of eight rows, and one of the result. */
  const blocks = 8 * 2 ** -24;

  it('normalize a constant column to zero exactly', async () => {
    const data = Float32Array.from({ length: rows * columns }, (_, i) => [0.1, 10.3, -7.7, 1e6 / 3, 0][i % columns]!);
    const x = { shape: [rows, columns], data };
    const [y] = await call(nn.normalizeOperation, { x, ...none }, { norm: 'batch', ...attributes });
    expect(y!.data.every((value) => value === 0)).toBe(true);
  });

  it('give the means of columns to half a unit in the last place', async () => {
    const x = { shape: [rows, columns], data: repeated };
    const [, mean] = await call(nn.normalizeOperation, { x, ...none }, { norm: 'batch', ...attributes });
    // Two roundings of a block of four rows, which the mean of many blocks hardly sees, and one of the result.
    expect(
      share(
        mean!.data,
        inColumns(repeated).map((sum) => sum / rows),
      ),
    ).toBeLessThan(2 * 2 ** -24);
  });

  it('give the sums of columns and the gradients of biases to a few units in the last place', async () => {
    const x = { shape: [rows, columns], data: repeated };
    const vector = { shape: [columns], data: new Float32Array(columns).fill(1) };
    const zeros = { shape: [columns], data: new Float32Array(columns) };
    const sums = inColumns(repeated);
    const [sum] = await call(nn.columnSumOperation, { x }, { rows });
    expect(share(sum!.data, sums)).toBeLessThan(blocks);
    const [, ofRelu] = await call(nn.addBiasGradientOperation, { dy: x, y: x }, {});
    expect(share(ofRelu!.data, sums)).toBeLessThan(blocks);
    const [, ofBias, ofGain] = await call(nn.biasScaleGradientOperation, { dy: x, x, bias: zeros, gain: vector }, {});
    expect(share(ofBias!.data, sums)).toBeLessThan(blocks);
    expect(share(ofGain!.data, inColumns(repeated.map((value) => value * value)))).toBeLessThan(3 * blocks);
  });

  it.each(['layer', 'batch'])('give the gradients of gain and bias of %s norm to a few units', async (norm) => {
    const matrix = { shape: [rows, columns], data: repeated };
    const count = norm === 'layer' ? rows : columns;
    const filled = (value: number, size: number) => ({ shape: [size], data: new Float32Array(size).fill(value) });
    // With mean 0 and deviation 1, xhat is x.
    const inputs = {
      x: matrix,
      y: matrix,
      dy: matrix,
      gain: filled(1, columns),
      bias: filled(0, columns),
      mean: filled(0, count),
      inverseStd: filled(1, count),
      dMean: filled(0, count),
      dInverseStd: filled(0, count),
    };
    const [, dGain, dBias] = await call(nn.normalizeGradientOperation, inputs, {
      ...attributes,
      norm,
      hasGain: true,
      hasBias: true,
    });
    // Blocks of at most 32 rows.
    expect(share(dBias!.data, inColumns(repeated))).toBeLessThan(4 * blocks);
    expect(share(dGain!.data, inColumns(repeated.map((value) => value * value)))).toBeLessThan(5 * blocks);
  });
});

describe.each(KERNEL_VARIANTS)('the exponential of the kernels (%j)', (variant) => {
  const range = (from: number, to: number) =>
    Float32Array.from({ length: 20_001 }, (_, i) => from + ((to - from) * i) / 20_000);
  const worst = (actual: ArrayLike<number>, expected: (i: number) => number) =>
    Array.from(actual, (value, i) => Math.abs(value / expected(i) - 1)).reduce((a, b) => Math.max(a, b), 0);
  const call = async (operation: AnyOperation, inputs: Inputs) =>
    callIsolated(
      await isolateKernels(variant, 1024),
      KERNELS.find((kernel) => kernel.operation.kernelName === operation.kernelName)!,
      inputs,
      {},
    );

  it('computes sigmoids to a relative error of 2.5e-7, however small they are', async () => {
    const data = range(-87, 87);
    const [y] = await call(nn.sigmoidOperation, { x: { shape: [data.length], data } });
    expect(worst(y!.data, (i) => 1 / (1 + Math.exp(-data[i]!)))).toBeLessThan(2.5e-7);
  });

  it('computes softmaxes to a relative error of 3e-7, and their logarithms to 1.5e-7', async () => {
    const logits = range(-80, 0);
    const n = logits.length;
    const data = Float32Array.from([...new Float32Array(n), ...logits]);
    const [m, logM] = await call(nn.groupSoftmaxOperation, { logits: { shape: [2, 1, n], data } });
    const weight = (i: number) => Math.exp(logits[i]!);
    expect(worst(m!.data.subarray(n), (i) => weight(i) / (1 + weight(i)))).toBeLessThan(3e-7);
    const errors = Array.from(logM!.data.subarray(0, n), (value, i) => Math.abs(value + Math.log1p(weight(i))));
    expect(Math.max(...errors)).toBeLessThan(1.5e-7);
  });
});

/** Inputs of a small size with a value in the middle of each, one after the other. */
function* poisoned(trial: Trial, poisons: readonly number[]): Generator<{ inputs: Inputs; attributes: Attributes }> {
  const sizes = [3, 5, 7] as const;
  for (const attributes of attributesOf(trial, sizes)) {
    for (const key of Object.keys(trial.inputs(sizes, attributes))) {
      // An absent gain or bias is not read.
      if ((key === 'gain' && attributes['hasGain'] === false) || (key === 'bias' && attributes['hasBias'] === false)) {
        continue;
      }
      for (const poison of poisons) {
        const inputs = trial.inputs(sizes, attributes);
        const { shape, data } = inputs[key]!;
        const changed = Float32Array.from(data);
        changed[changed.length >> 1] = poison;
        yield { inputs: { ...inputs, [key]: { shape, data: changed } }, attributes };
      }
    }
  }
}

describe('the kernels with several threads', () => {
  afterAll(() => tf.removeBackend('wasm'));

  it('give the same bits with one thread and with several', async () => {
    const sizes = [
      [150, 400, 1],
      [33, 1501, 1],
      [4, 50, 113],
      [1200, 3, 5],
    ] as const;
    const cases = sizes.flatMap((shape) =>
      TRIALS.map((trial) => {
        const attributes = attributesOf(trial, shape).at(-1)!;
        return { operation: trial.operation, attributes, inputs: trial.inputs(shape, attributes) };
      }),
    );
    const results: Buffer[][] = [];
    for (const threads of [1, 3]) {
      await useWasm({ threads });
      const outputs: Buffer[] = [];
      for (const { operation, inputs, attributes } of cases) {
        for (const { data } of await compute(operation, inputs, attributes)) {
          outputs.push(Buffer.from(Float32Array.from(data).buffer));
        }
      }
      results.push(outputs);
    }
    for (const outputs of results.slice(1)) {
      expect(outputs.map((output, i) => output.equals(results[0]![i]!))).toEqual(outputs.map(() => true));
    }
  }, 60_000);

  it.each(TABLE)('%s: leaves no tensor behind', async (_, trial) => {
    await useWasm({ threads: 2 });
    const [attributes] = attributesOf(trial, [3, 4, 5]);
    const before = tf.memory().numTensors;
    await compute(trial.operation, trial.inputs([3, 4, 5], attributes!), attributes!);
    expect(tf.memory().numTensors).toBe(before);
    expect(nn.servedBy({ kernelName: nameOf(trial) }, 'wasm')).toBe('kernel');
  });
});
