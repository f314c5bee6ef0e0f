import {
  addBiasOperation,
  addOperation,
  adamUpdateOperation,
  biasScaleOperation,
  bitflipCostOperation,
  bitflipLikelihoodOperation,
  bitflipModelingErrorOperation,
  classificationCostOperation,
  classPosteriorOperation,
  columnMomentsOperation,
  columnSumOperation,
  COMBINATOR_PARAMETERS,
  combinatorOperation,
  competeOperation,
  gaussianAlgorithmErrorOperation,
  gaussianCostOperation,
  gaussianExactErrorOperation,
  gaussianLikelihoodOperation,
  gaussianResidualErrorOperation,
  groupSoftmaxOperation,
  im2colOperation,
  normalizeOperation,
  normalizeWithOperation,
  reconstructionCostOperation,
  reluOperation,
  sigmoidOperation,
  softmaxOperation,
  stackFeaturesOperation,
  sumOfSquaresOperation,
  swapAxesOperation,
  type Operation,
  type OperationAttributes,
} from '@taggerjs/nn';

/** One operation at one size. Inputs are uniform in (0, 1), or probabilities if required. */
export interface OperationCase {
  readonly name: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- any operation can be measured
  readonly operation: Operation<any, any, any>;
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  readonly attributes: OperationAttributes;
  /** Inputs that need no gradient in a step. @default none */
  readonly constants?: readonly string[];
  /** Whether it has a gradient. @default true */
  readonly differentiable?: boolean;
}

/** Operations without a case, and why. */
export const NOT_MEASURED: Readonly<Record<string, string>> = {
  matMulOperation: 'measured as products of matrices',
  reshapeOperation: 'moves nothing',
  weightedSumOperation: 'of scalars',
};

/** Every operation at the size of a model's hidden layer: R = K B rows, D columns. */
export function operationCases(K: number, B: number, D: number): OperationCase[] {
  const R = K * B;
  const matrix = [R, D];
  const image = [B, D];
  const images = [K, B, D];
  const scaling = { activation: 'relu', hasGain: true, hasBias: true };
  const scaled = { gain: [D], bias: [D] };
  const size = Math.ceil(D / 4);
  const feature = [K, B, size];
  const classes = 10;
  return [
    {
      name: 'addBias, ReLU',
      operation: addBiasOperation,
      shapes: { x: matrix, bias: [D] },
      attributes: { activation: 'relu' },
    },
    { name: 'biasScale', operation: biasScaleOperation, shapes: { x: matrix, bias: [D], gain: [D] }, attributes: {} },
    { name: 'relu', operation: reluOperation, shapes: { x: matrix }, attributes: {} },
    { name: 'sigmoid', operation: sigmoidOperation, shapes: { x: matrix }, attributes: {} },
    { name: 'softmax', operation: softmaxOperation, shapes: { x: matrix }, attributes: { axis: 1 } },
    {
      name: 'normalize, layer, ReLU',
      operation: normalizeOperation,
      shapes: { x: matrix, ...scaled },
      attributes: { norm: 'layer', epsilon: 1e-8, ...scaling },
    },
    {
      name: 'normalize, batch, ReLU',
      operation: normalizeOperation,
      shapes: { x: matrix, ...scaled },
      attributes: { norm: 'batch', epsilon: 1e-10, ...scaling },
    },
    {
      name: 'normalizeWith, ReLU',
      operation: normalizeWithOperation,
      shapes: { x: matrix, mean: [D], variance: [D], ...scaled },
      attributes: { epsilon: 1e-10, ...scaling },
      constants: ['mean', 'variance'],
    },
    {
      name: 'columnMoments',
      operation: columnMomentsOperation,
      shapes: { x: matrix },
      attributes: {},
      differentiable: false,
    },
    {
      name: 'combinator',
      operation: combinatorOperation,
      shapes: { s: matrix, u: matrix, ...Object.fromEntries(COMBINATOR_PARAMETERS.map((name) => [name, [D]])) },
      attributes: { gate: 'sigmoid' },
    },
    { name: 'add', operation: addOperation, shapes: { a: matrix, b: matrix }, attributes: {} },
    {
      name: 'reconstructionCost',
      operation: reconstructionCostOperation,
      shapes: { reconstruction: matrix, clean: matrix, mean: [D], inverseStd: [D] },
      attributes: { hasStatistics: true },
    },
    { name: 'columnSum', operation: columnSumOperation, shapes: { x: matrix }, attributes: { rows: R } },
    { name: 'groupSoftmax', operation: groupSoftmaxOperation, shapes: { logits: images }, attributes: {} },
    {
      name: 'stackFeatures',
      operation: stackFeaturesOperation,
      shapes: { feature_0: feature, feature_1: feature, feature_2: feature, feature_3: feature },
      attributes: { groups: K, batch: B, size },
    },
    {
      name: 'im2col',
      operation: im2colOperation,
      shapes: { x: [R * size, 4] },
      attributes: { images: R, rows: 1, columns: size },
    },
    {
      name: 'swapAxes',
      operation: swapAxesOperation,
      shapes: { x: [R, 4 * size] },
      attributes: { view: [R, 4, size, 1], shape: [R * size, 4], inputShape: [R, 4 * size] },
    },
    {
      name: 'bitflipLikelihood',
      operation: bitflipLikelihoodOperation,
      shapes: { corrupted: image, z: images },
      attributes: { probability: 0.2 },
      constants: ['corrupted'],
    },
    {
      name: 'bitflipModelingError',
      operation: bitflipModelingErrorOperation,
      shapes: { corrupted: image, z: images, m: images },
      attributes: { probability: 0.2 },
      constants: ['corrupted'],
    },
    {
      name: 'bitflipCost',
      operation: bitflipCostOperation,
      shapes: { x: image, z: images, m: images },
      attributes: { epsilon: 1e-4 },
      constants: ['x'],
    },
    {
      name: 'gaussianLikelihood',
      operation: gaussianLikelihoodOperation,
      shapes: { corrupted: image, z: images, logVariance: [] },
      attributes: { standardDeviation: 0.2 },
      constants: ['corrupted'],
    },
    {
      name: "gaussianModelingError, 'algorithm'",
      operation: gaussianAlgorithmErrorOperation,
      shapes: { corrupted: image, z: images, m: images, logVariance: [] },
      attributes: { standardDeviation: 0.2 },
      constants: ['corrupted'],
    },
    {
      name: "gaussianModelingError, 'exact'",
      operation: gaussianExactErrorOperation,
      shapes: { corrupted: image, z: images, logM: images, logVariance: [] },
      attributes: { standardDeviation: 0.2 },
      constants: ['corrupted'],
    },
    {
      name: "gaussianModelingError, 'residual'",
      operation: gaussianResidualErrorOperation,
      shapes: { corrupted: image, z: images, m: images },
      attributes: {},
      constants: ['corrupted'],
    },
    {
      name: 'gaussianCost',
      operation: gaussianCostOperation,
      shapes: { x: image, z: images, logM: images, logVariance: [] },
      attributes: {},
      constants: ['x'],
    },
    {
      name: 'compete',
      operation: competeOperation,
      shapes: { x: [R, 780] },
      attributes: { sharpness: 0.4 },
    },
    {
      name: 'classPosterior',
      operation: classPosteriorOperation,
      shapes: { p: [R, classes + 1] },
      attributes: { groups: K },
    },
    {
      name: 'classificationCost',
      operation: classificationCostOperation,
      shapes: { posterior: [B, classes], targets: [B, classes] },
      attributes: {},
      constants: ['targets'],
    },
    {
      name: 'adamUpdate',
      operation: adamUpdateOperation,
      shapes: { parameter: matrix, gradient: matrix, m: matrix, v: matrix },
      attributes: { learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, step: 1 },
      differentiable: false,
    },
    {
      name: 'sumOfSquares',
      operation: sumOfSquaresOperation,
      shapes: { x: matrix },
      attributes: {},
      differentiable: false,
    },
  ];
}
