import * as nn from '@taggerjs/nn';
import {
  measureOperation,
  references,
  uneven,
  unevenAssignments,
  unevenBits,
  type OperationCheck,
} from '@taggerjs/nn/testing';

import type { NamedOperation } from '../nn-operations';
import type { ParityCase, Tolerance } from '../parity-case';
import { OPERATION_GRADIENT, OPERATION_VALUE, SUM_OF_TERMS, sumOfTerms } from '../tolerances';

interface Sketch {
  /** The operation, and its gradient operation if it has one. */
  readonly operation: NamedOperation;
  readonly gradient?: NamedOperation;
  /** Distinguishes the cases of one operation. */
  readonly variant: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the attributes are the operation's own
  readonly check: Omit<OperationCheck<any>, 'valueTolerance' | 'gradientTolerance'>;
  /** Number of elements of each input whose gradients are checked. @default all */
  readonly gradientElements?: number;
  readonly tolerance?: { readonly value?: Tolerance; readonly gradient?: Tolerance };
  /** Whether the gradient of its scalar is a sum of terms that may cancel; its tolerance then depends on the terms' size. */
  readonly sumsTerms?: boolean;
}

/** The report's note on operations whose gradients have more than one tolerance. */
const WITH_SUM: Tolerance = { ...OPERATION_GRADIENT, reason: `${OPERATION_GRADIENT.reason}; ${SUM_OF_TERMS}` };

/** Small odd sizes, which reach every tail of a vector loop, with all gradients; and the size of a layer. */
const ROWS = [
  { rows: 6, columns: 7, gradientElements: Infinity },
  { rows: 64, columns: 501, gradientElements: 2 },
] as const;

/** [K, B, N], chosen in the same way. */
const GROUPS = [
  { shape: [3, 2, 5], gradientElements: Infinity },
  { shape: [4, 16, 401], gradientElements: 2 },
] as const satisfies readonly { shape: readonly [number, number, number]; gradientElements: number }[];

/** [K, B, P] and channels of a pixel. */
const CHANNELS = [
  { shape: [3, 2, 5], channels: 1, gradientElements: Infinity },
  { shape: [4, 16, 401], channels: 1, gradientElements: 2 },
  { shape: [3, 2, 5], channels: 3, gradientElements: Infinity },
  { shape: [4, 16, 80], channels: 5, gradientElements: 2 },
] as const;

const variantOf = (shape: readonly number[], channels: number) =>
  `${sizeOf(...shape)}${channels === 1 ? '' : `, ${channels} channels`}`;

/** Images with channels, chosen in the same way. */
const IMAGES = [
  { images: 2, rows: 3, columns: 4, channels: 3, gradientElements: Infinity },
  { images: 4, rows: 28, columns: 28, channels: 6, gradientElements: 2 },
] as const;

/** At least one case for every operation of `@taggerjs/nn`, with its gradients, against a float64 reference. */
export function operationCases(): ParityCase[] {
  return sketches().map(({ operation, gradient, variant, check, gradientElements, tolerance, sumsTerms = false }) => ({
    name: `${operation.kernelName}${variant === '' ? '' : `, ${variant}`}`,
    group: 'operation',
    operations: [operation.kernelName, ...(gradient ? [gradient.kernelName] : [])],
    tolerance: {
      value: tolerance?.value ?? OPERATION_VALUE,
      gradient: tolerance?.gradient ?? (sumsTerms ? WITH_SUM : OPERATION_GRADIENT),
    },
    async run() {
      const measured = await measureOperation(
        operation as Parameters<typeof measureOperation>[0],
        check,
        gradientElements === undefined ? {} : { gradientElements },
      );
      return {
        quantities: measured.map(({ label, kind, shape, expectedShape, actual, expected, terms }) => ({
          label,
          kind,
          operation: (kind === 'gradient' ? (gradient ?? operation) : operation).kernelName,
          actual,
          expected,
          shapes: { actual: shape, expected: expectedShape },
          ...(sumsTerms && terms !== undefined && { tolerance: sumOfTerms(terms) }),
        })),
      };
    },
  }));
}

function sketches(): Sketch[] {
  return [
    ...products(),
    ...featureProducts(),
    ...layers(),
    ...normalizations(),
    ...softmaxes(),
    ...shapesAndSums(),
    ...bitflips(),
    ...bitflipPixels(),
    ...gaussians(),
    ...competition(),
    ...classes(),
    ...adam(),
  ];
}

const sizeOf = (...shape: number[]) => shape.join(' x ');

function products(): Sketch[] {
  const sizes = [
    { M: 5, K: 7, N: 3, gradientElements: Infinity },
    { M: 64, K: 501, N: 130, gradientElements: 2 },
  ];
  return sizes.flatMap(({ M, K, N, gradientElements }) =>
    [false, true].flatMap((transposeA) =>
      [false, true].map((transposeB) => ({
        operation: nn.matMulOperation,
        variant: `${sizeOf(M, K, N)}${transposeA ? ', a transposed' : ''}${transposeB ? ', b transposed' : ''}`,
        gradientElements,
        check: {
          inputs: {
            a: uneven(transposeA ? [K, M] : [M, K]),
            b: uneven(transposeB ? [N, K] : [K, N], { seed: 1 }),
          },
          attributes: { transposeA, transposeB },
          reference: references.matMul,
        },
      })),
    ),
  );
}

/** Products of four stacked features: at the first iteration z and L are constant. */
function featureProducts(): Sketch[] {
  const constants = [0.28, NaN, NaN, 0.25];
  const sizes = [
    { R: 14, N: 3, H: 5, gradientElements: Infinity },
    { R: 64, N: 130, H: 70, gradientElements: 2 },
  ];
  return sizes.map(({ R, N, H, gradientElements }) => {
    const { shape, data } = uneven([R, 4 * N]);
    const of = (i: number) => constants[Math.floor((i % (4 * N)) / N)] as number;
    return {
      operation: nn.featureProductOperation,
      gradient: nn.featureProductGradientOperation,
      variant: `4 of ${sizeOf(R, N)} to ${H}`,
      gradientElements,
      check: {
        inputs: {
          x: { shape, data: data.map((value, i) => (Number.isNaN(of(i)) ? value : of(i))) },
          weights: uneven([4 * N, H], { seed: 1 }),
        },
        attributes: { constants },
        reference: references.featureProduct,
      },
    };
  });
}

function layers(): Sketch[] {
  return ROWS.flatMap(({ rows: R, columns: D, gradientElements }): Sketch[] => [
    ...(['none', 'relu'] as const).map((activation) => ({
      operation: nn.addBiasOperation,
      gradient: activation === 'relu' ? nn.addBiasGradientOperation : nn.columnSumOperation,
      variant: `${activation === 'relu' ? 'relu, ' : ''}${sizeOf(R, D)}`,
      gradientElements,
      check: {
        inputs: { x: uneven([R, D]), bias: uneven([D], { seed: 2 }) },
        attributes: { activation },
        reference: references.addBias,
      },
    })),
    {
      operation: nn.addOperation,
      variant: sizeOf(R, D),
      gradientElements,
      check: {
        inputs: { a: uneven([R, D]), b: uneven([R, D], { seed: 1 }) },
        attributes: {},
        reference: references.add,
      },
    },
    ...[true, false].map((hasStatistics): Sketch => ({
      operation: nn.reconstructionCostOperation,
      gradient: nn.reconstructionCostGradientOperation,
      variant: `${hasStatistics ? 'with statistics, ' : ''}${sizeOf(R, D)}`,
      gradientElements,
      check: {
        inputs: {
          reconstruction: uneven([R, D]),
          clean: uneven([R, D], { seed: 1 }),
          mean: hasStatistics ? uneven([D], { seed: 2 }) : { shape: [], data: [0] },
          inverseStd: hasStatistics ? uneven([D], { seed: 3, from: 0.5, to: 2 }) : { shape: [], data: [1] },
        },
        attributes: { hasStatistics },
        reference: references.reconstructionCost,
        constants: hasStatistics ? [] : ['mean', 'inverseStd'],
      },
      // A mean over R D: each element's gradient is small compared with the usual absolute tolerance.
      tolerance: { gradient: { ...OPERATION_GRADIENT, absolute: 1e-8 } },
    })),
    {
      operation: nn.biasScaleOperation,
      gradient: nn.biasScaleGradientOperation,
      variant: sizeOf(R, D),
      gradientElements,
      check: {
        inputs: { x: uneven([R, D]), bias: uneven([D], { seed: 2 }), gain: uneven([D], { seed: 3 }) },
        attributes: {},
        reference: references.biasScale,
      },
    },
    {
      operation: nn.reluOperation,
      gradient: nn.reluGradientOperation,
      variant: sizeOf(R, D),
      gradientElements,
      // Not seed 0: its first value is 0, where the gradient is undefined.
      check: { inputs: { x: uneven([R, D], { seed: 1 }) }, attributes: {}, reference: references.relu },
    },
    {
      operation: nn.sigmoidOperation,
      gradient: nn.sigmoidGradientOperation,
      variant: sizeOf(R, D),
      gradientElements,
      check: { inputs: { x: uneven([R, D], { from: -8, to: 8 }) }, attributes: {}, reference: references.sigmoid },
    },
    ...nn.COMBINATOR_GATES.map((gate) => ({
      operation: nn.combinatorOperation,
      gradient: nn.combinatorGradientOperation,
      variant: `${gate} gate, ${sizeOf(R, D)}`,
      gradientElements,
      check: {
        inputs: {
          s: uneven([R, D]),
          u: uneven([R, D], { seed: 1 }),
          ...Object.fromEntries(nn.COMBINATOR_PARAMETERS.map((name, i) => [name, uneven([D], { seed: i + 2 })])),
        },
        attributes: { gate },
        reference: references.combinator,
      },
    })),
  ]);
}

function normalizations(): Sketch[] {
  const kinds = [
    { gain: 'none', bias: 'none', activation: 'none' },
    { gain: 'vector', bias: 'vector', activation: 'none' },
    { gain: 'none', bias: 'vector', activation: 'relu' },
    { gain: 'scalar', bias: 'none', activation: 'none' },
  ] as const;
  return ROWS.flatMap(({ rows: R, columns: D, gradientElements }) =>
    kinds.flatMap(({ gain, bias, activation }): Sketch[] => {
      const parameter = (kind: 'none' | 'scalar' | 'vector', none: number, seed: number) =>
        kind === 'none' ? { shape: [], data: [none] } : uneven(kind === 'vector' ? [D] : [], { seed });
      const parameters = { gain: parameter(gain, 1, 2), bias: parameter(bias, 0, 3) };
      const attributes = { activation, hasGain: gain !== 'none', hasBias: bias !== 'none' };
      const constants = [...(gain === 'none' ? ['gain'] : []), ...(bias === 'none' ? ['bias'] : [])];
      const variant =
        [
          gain === 'none' ? '' : `${gain} gain`,
          bias === 'none' ? '' : `${bias} bias`,
          activation === 'relu' ? 'relu' : '',
        ]
          .filter((part) => part !== '')
          .join(', ') || 'plain';
      return [
        ...nn.NORMS.map((norm) => ({
          operation: nn.normalizeOperation,
          gradient: nn.normalizeGradientOperation,
          variant: `${norm}, ${variant}, ${sizeOf(R, D)}`,
          gradientElements,
          check: {
            inputs: { x: uneven([R, D]), ...parameters },
            attributes: { norm, epsilon: nn.NORMALIZATION_EPSILON[norm], ...attributes },
            reference: references.normalize,
            constants,
          },
        })),
        {
          operation: nn.normalizeWithOperation,
          variant: `${variant}, ${sizeOf(R, D)}`,
          gradientElements,
          check: {
            inputs: {
              x: uneven([R, D]),
              mean: uneven([D], { seed: 4 }),
              variance: uneven([D], { seed: 5, from: 0.1, to: 2 }),
              ...parameters,
            },
            attributes: { epsilon: 1e-10, ...attributes },
            reference: references.normalizeWith,
            constants: ['mean', 'variance', ...constants],
          },
        },
      ];
    }),
  );
}

function softmaxes(): Sketch[] {
  return [
    ...ROWS.flatMap(({ rows: R, columns: D, gradientElements }) =>
      [0, 1].map((axis) => ({
        operation: nn.softmaxOperation,
        gradient: nn.softmaxGradientOperation,
        variant: `axis ${axis}, ${sizeOf(R, D)}`,
        gradientElements,
        check: {
          inputs: { x: uneven([R, D], { from: -4, to: 4 }) },
          attributes: { axis },
          reference: references.softmax,
        },
      })),
    ),
    ...GROUPS.map(({ shape, gradientElements }) => ({
      operation: nn.groupSoftmaxOperation,
      gradient: nn.groupSoftmaxGradientOperation,
      variant: sizeOf(...shape),
      gradientElements,
      check: {
        inputs: { logits: uneven(shape, { from: -4, to: 4 }) },
        attributes: {},
        reference: references.groupSoftmax,
      },
    })),
  ];
}

function shapesAndSums(): Sketch[] {
  const scalars = [0.5, -1, 2, 1 / 3];
  return [
    ...GROUPS.flatMap(({ shape, gradientElements }): Sketch[] => {
      const [K, B, N] = shape;
      const planes = [3, 1, 3, 1];
      return [
        {
          operation: nn.stackFeaturesOperation,
          gradient: nn.stackFeaturesGradientOperation,
          variant: `4 of ${sizeOf(K, B, N)}, 3 channels`,
          gradientElements,
          check: {
            inputs: Object.fromEntries(
              planes.map((count, i) => [`feature_${i}`, uneven([K, B, N * count], { seed: i })]),
            ),
            attributes: { groups: K, batch: B, size: N, channels: 3, planes },
            reference: references.stackFeatures,
          },
        },
        {
          operation: nn.stackFeaturesOperation,
          gradient: nn.stackFeaturesGradientOperation,
          variant: `4 of ${sizeOf(K, B, N)}`,
          gradientElements,
          check: {
            inputs: Object.fromEntries([0, 1, 2, 3].map((i) => [`feature_${i}`, uneven(shape, { seed: i })])),
            attributes: { groups: K, batch: B, size: N },
            reference: references.stackFeatures,
          },
        },
        {
          operation: nn.reshapeOperation,
          variant: `${sizeOf(K, B, N)} to ${sizeOf(K * B, N)}`,
          gradientElements,
          check: {
            inputs: { x: uneven(shape) },
            attributes: { shape: [K * B, N], inputShape: shape },
            reference: references.reshape,
          },
        },
      ];
    }),
    ...IMAGES.flatMap(({ images: R, rows: h, columns: w, channels: C, gradientElements }): Sketch[] => [
      {
        operation: nn.im2colOperation,
        gradient: nn.im2colGradientOperation,
        variant: `${R} of ${sizeOf(h, w, C)}`,
        gradientElements,
        check: {
          inputs: { x: uneven([R * h * w, C]) },
          attributes: { images: R, rows: h, columns: w },
          reference: references.im2col,
        },
      },
      {
        operation: nn.swapAxesOperation,
        variant: sizeOf(R, h, w, C),
        gradientElements,
        check: {
          inputs: { x: uneven([R * h, w * C]) },
          attributes: { view: [R, h, w, C], shape: [R * w, h * C], inputShape: [R * h, w * C] },
          reference: references.swapAxes,
        },
      },
    ]),
    ...ROWS.flatMap(({ rows: R, columns: D, gradientElements }): Sketch[] => [
      {
        operation: nn.columnSumOperation,
        variant: sizeOf(R, D),
        gradientElements,
        check: { inputs: { x: uneven([R, D]) }, attributes: { rows: R }, reference: references.columnSum },
      },
      {
        operation: nn.columnMomentsOperation,
        variant: sizeOf(R, D),
        check: {
          inputs: { x: uneven([R, D]) },
          attributes: {},
          reference: references.columnMoments,
          constants: ['x'],
        },
      },
      {
        operation: nn.sumOfSquaresOperation,
        variant: sizeOf(R, D),
        check: { inputs: { x: uneven([R, D]) }, attributes: {}, reference: references.sumOfSquares, constants: ['x'] },
      },
    ]),
    {
      operation: nn.globalNormOperation,
      variant: '3 tensors',
      check: {
        inputs: { x_0: uneven([64, 501]), x_1: uneven([7]), x_2: uneven([]) },
        attributes: {},
        reference: references.globalNorm,
        constants: ['x_0', 'x_1', 'x_2'],
      },
    },
    {
      operation: nn.weightedSumOperation,
      variant: '4 scalars',
      check: {
        inputs: Object.fromEntries(scalars.map((_, i) => [`scalar_${i}`, uneven([], { seed: i })])),
        attributes: { weights: scalars },
        reference: references.weightedSum,
      },
    },
  ];
}

function bitflips(): Sketch[] {
  return GROUPS.flatMap(({ shape, gradientElements }): Sketch[] => {
    const [K, B, N] = shape;
    const variant = sizeOf(K, B, N);
    const z = uneven(shape, { from: 0.05, to: 0.95 });
    const { m } = unevenAssignments(shape);
    return [
      {
        operation: nn.bitflipLikelihoodOperation,
        gradient: nn.bitflipLikelihoodGradientOperation,
        variant,
        gradientElements,
        check: {
          inputs: { corrupted: unevenBits([B, N]), z },
          attributes: { probability: 0.2 },
          reference: references.bitflipLikelihood,
        },
      },
      {
        operation: nn.bitflipModelingErrorOperation,
        gradient: nn.bitflipModelingErrorGradientOperation,
        variant,
        gradientElements,
        check: {
          inputs: { corrupted: unevenBits([B, N]), z, m },
          attributes: { probability: 0.2 },
          reference: references.bitflipModelingError,
        },
      },
      {
        operation: nn.bitflipCostOperation,
        gradient: nn.bitflipCostGradientOperation,
        variant,
        gradientElements,
        check: {
          inputs: { x: unevenBits([B, N]), z, m },
          attributes: { epsilon: 1e-4 },
          reference: references.bitflipCost,
        },
        // A mean over B N: each element's gradient is small compared with the usual absolute tolerance.
        tolerance: { gradient: { ...OPERATION_GRADIENT, absolute: 1e-9 } },
      },
    ];
  });
}

/** Binary pixels with several channels. */
function bitflipPixels(): Sketch[] {
  return CHANNELS.filter(({ channels }) => channels > 1).flatMap(({ shape, channels, gradientElements }): Sketch[] => {
    const [K, B, P] = shape;
    const z = uneven([K, B, P * channels], { seed: 1, from: 0.05, to: 0.95 });
    const bits = unevenBits([B, P * channels]);
    const { logM } = unevenAssignments(shape);
    const variant = variantOf(shape, channels);
    const attributes = { probability: 0.2, channels };
    return [
      {
        operation: nn.bitflipPixelLikelihoodOperation,
        gradient: nn.bitflipPixelLikelihoodGradientOperation,
        variant,
        gradientElements,
        check: { inputs: { corrupted: bits, z }, attributes, reference: references.bitflipPixelLikelihood },
      },
      {
        operation: nn.bitflipPixelErrorOperation,
        gradient: nn.bitflipPixelErrorGradientOperation,
        variant,
        gradientElements,
        check: { inputs: { corrupted: bits, z, logM }, attributes, reference: references.bitflipPixelError },
      },
      {
        operation: nn.bitflipPixelCostOperation,
        gradient: nn.bitflipPixelCostGradientOperation,
        variant,
        gradientElements,
        check: {
          inputs: { x: bits, z, logM },
          attributes: { probability: 1e-4, channels },
          reference: references.bitflipPixelCost,
        },
        tolerance: { gradient: { ...OPERATION_GRADIENT, absolute: 1e-9 } },
      },
    ];
  });
}

function gaussians(): Sketch[] {
  return CHANNELS.flatMap(({ shape, channels, gradientElements }): Sketch[] => {
    const [K, B, P] = shape;
    const N = P * channels;
    const variant = variantOf(shape, channels);
    const common = { corrupted: uneven([B, N]), z: uneven([K, B, N], { seed: 1 }) };
    const { m, logM } = unevenAssignments(shape);
    const logVariance = { shape: [], data: [-1.5] };
    const ofChannels = channels === 1 ? {} : { channels };
    const attributes = { standardDeviation: 0.2, ...ofChannels };
    return [
      {
        operation: nn.gaussianLikelihoodOperation,
        gradient: nn.gaussianLikelihoodGradientOperation,
        variant,
        gradientElements,
        check: { inputs: { ...common, logVariance }, attributes, reference: references.gaussianLikelihood },
        sumsTerms: true,
      },
      {
        operation: nn.gaussianAlgorithmErrorOperation,
        gradient: nn.gaussianAlgorithmErrorGradientOperation,
        variant,
        gradientElements,
        check: { inputs: { ...common, m, logVariance }, attributes, reference: references.gaussianAlgorithmError },
        sumsTerms: true,
      },
      {
        operation: nn.gaussianExactErrorOperation,
        gradient: nn.gaussianExactErrorGradientOperation,
        variant,
        gradientElements,
        check: { inputs: { ...common, logM, logVariance }, attributes, reference: references.gaussianExactError },
        sumsTerms: true,
      },
      {
        operation: nn.gaussianResidualErrorOperation,
        gradient: nn.gaussianResidualErrorGradientOperation,
        variant,
        gradientElements,
        check: { inputs: { ...common, m }, attributes: ofChannels, reference: references.gaussianResidualError },
      },
      {
        operation: nn.gaussianCostOperation,
        gradient: nn.gaussianCostGradientOperation,
        variant,
        gradientElements,
        check: {
          inputs: { x: common.corrupted, z: common.z, logM, logVariance },
          attributes: ofChannels,
          reference: references.gaussianCost,
        },
        tolerance: { gradient: { ...OPERATION_GRADIENT, absolute: 1e-9 } },
      },
    ];
  });
}

function competition(): Sketch[] {
  return [
    { shape: [3, 4], sharpness: 2, gradientElements: Infinity },
    { shape: [96, 780], sharpness: 0.4, gradientElements: 8 },
  ].map(({ shape, sharpness, gradientElements }) => ({
    operation: nn.competeOperation,
    gradient: nn.competeGradientOperation,
    variant: `[${shape}], sharpness ${sharpness}`,
    gradientElements,
    check: {
      inputs: { x: uneven(shape, { from: -2, to: 2 }) },
      attributes: { sharpness },
      reference: references.compete,
    },
  }));
}

function classes(): Sketch[] {
  return [
    { K: 3, B: 2, C: 4, gradientElements: Infinity },
    { K: 4, B: 32, C: 10, gradientElements: 8 },
  ].flatMap(({ K, B, C, gradientElements }): Sketch[] => [
    {
      operation: nn.classPosteriorOperation,
      variant: `K ${K}, B ${B}, C ${C}`,
      gradientElements,
      check: {
        inputs: { p: uneven([K * B, C + 1], { from: 0.01, to: 0.5 }) },
        attributes: { groups: K },
        reference: references.classPosterior,
      },
    },
    {
      operation: nn.classificationCostOperation,
      variant: `B ${B}, C ${C}`,
      gradientElements,
      check: {
        inputs: {
          posterior: uneven([B, C], { from: 0.1, to: 0.8 }),
          // Two objects each, sometimes of the same class.
          targets: {
            shape: [B, C],
            data: Array.from({ length: B * C }, (_, i) => {
              const [b, c] = [Math.floor(i / C), i % C];
              return Number(c === b % C) + Number(c === (3 * b) % C);
            }),
          },
        },
        attributes: {},
        reference: references.classificationCost,
        constants: ['targets'],
      },
    },
  ]);
}

function adam(): Sketch[] {
  const shape = [64, 501];
  const settings = { learningRate: 1e-2, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, step: 7 };
  const tensors = (of: readonly number[], seed: number) => ({
    parameter: uneven(of, { seed }),
    gradient: uneven(of, { seed: seed + 1 }),
    m: uneven(of, { seed: seed + 2 }),
    v: uneven(of, { seed: seed + 3, from: 0.01, to: 1 }),
  });
  const all = [shape, [7], []].flatMap((of, i) =>
    Object.entries({ ...tensors(of, i), average: uneven(of, { seed: i + 4 }) }).map(
      ([name, tensor]) => [`${name}_${i}`, tensor] as const,
    ),
  );
  return [
    {
      operation: nn.adamUpdateOperation,
      variant: `step 7, ${sizeOf(...shape)}`,
      check: {
        inputs: tensors(shape, 0),
        attributes: settings,
        reference: references.adamUpdate,
        constants: ['parameter', 'gradient', 'm', 'v'],
      },
    },
    {
      operation: nn.adamUpdatesOperation,
      variant: '3 parameters',
      check: {
        inputs: { ...Object.fromEntries(all), scale: { shape: [], data: [0.3] } },
        attributes: { ...settings, count: 3, hasScale: true, hasAverage: true, averageDecay: 0.9 },
        reference: references.adamUpdates,
        constants: [...all.map(([name]) => name), 'scale'],
      },
    },
  ];
}
