// What every part of a model is made of.
export { TaggerError, type TaggerErrorCode } from './errors';
export { requireBackend } from './backend';
export type { Component, ComponentConfig, ComponentFactory, Json, Registries, Registry } from './component';
export { checkOptionNames } from './check-option-names';
export {
  assignTree,
  countValues,
  disposeTree,
  joinTrees,
  readTree,
  sameShape,
  type TensorTree,
  type TensorValue,
  type TreeValues,
} from './tree';

// Operations: how one is made, and how a backend serves it.
export {
  defineOperation,
  registerOperationKernel,
  servedBy,
  unregisterOperationKernel,
  type Operation,
  type OperationAttributes,
  type OperationDefinition,
  type OperationInputs,
} from './operation';

// Memory for time.
export { recompute, type Recomputable } from './recompute';

// Matrix products, biases, activations.
export { matMul, matMulOperation } from './operations/matmul';
export { addBias, addBiasGradientOperation, addBiasOperation } from './operations/add-bias';
export { dense, type DenseOptions } from './operations/dense';
export { biasScale, biasScaleGradientOperation, biasScaleOperation } from './operations/bias-scale';
export { add, addOperation } from './operations/add';
export { relu, reluGradientOperation, reluOperation, type Activation } from './operations/relu';
export { sigmoid, sigmoidGradientOperation, sigmoidOperation } from './operations/sigmoid';
export { initialWeights } from './initial-weights';

// Normalization, and the layer that keeps its statistics.
export {
  NORMALIZATION_EPSILON,
  NORMS,
  normalize,
  normalizeGradientOperation,
  normalizeOperation,
  standardize,
  type Norm,
  type NormalizeOptions,
  type NormalizeScaling,
  type Standardized,
  type VectorOrScalar,
} from './operations/normalize';
export { normalizeWith, normalizeWithOperation, type NormalizeWithOptions } from './operations/normalize-with';
export { columnMoments, columnMomentsOperation, type ColumnMoments } from './operations/column-moments';
export {
  createNormalization,
  type Normalization,
  type NormalizationContext,
  type NormalizationOptions,
  type Statistics,
} from './normalization';

// Softmax, over any axis and over groups.
export { softmax, softmaxGradientOperation, softmaxOperation } from './operations/softmax';
export {
  groupSoftmax,
  groupSoftmaxGradientOperation,
  groupSoftmaxOperation,
  type GroupSoftmax,
} from './operations/group-softmax';

// The Ladder's combinator.
export {
  combinator,
  COMBINATOR_GATES,
  COMBINATOR_PARAMETERS,
  combinatorGradientOperation,
  combinatorOperation,
  type CombinatorGate,
  type CombinatorParameters,
} from './operations/combinator';

// The Ladder's denoising cost of one layer.
export {
  reconstructionCost,
  reconstructionCostGradientOperation,
  reconstructionCostOperation,
} from './operations/reconstruction-cost';

// Shapes and sums.
export { reshape, reshapeOperation } from './operations/reshape';
export { stackFeatures, stackFeaturesGradientOperation, stackFeaturesOperation } from './operations/stack-features';
export { swapAxes, swapAxesOperation } from './operations/swap-axes';
export {
  countImages,
  neighborhoods,
  neighborhoodsGradientOperation,
  neighborhoodsOperation,
} from './operations/neighborhoods';
export { weightedSum, weightedSumOperation } from './operations/weighted-sum';
export { columnSum, columnSumOperation } from './operations/column-sum';
export { sumOfSquares, sumOfSquaresOperation } from './operations/sum-of-squares';

// Noise models: likelihood, modelling error and denoising cost; class posterior and its cost; the optimizer's step.
export {
  bitflipLikelihood,
  bitflipLikelihoodGradientOperation,
  bitflipLikelihoodOperation,
} from './operations/bitflip-likelihood';
export {
  bitflipModelingError,
  bitflipModelingErrorGradientOperation,
  bitflipModelingErrorOperation,
} from './operations/bitflip-modeling-error';
export { bitflipCost, bitflipCostGradientOperation, bitflipCostOperation } from './operations/bitflip-cost';
export {
  gaussianLikelihood,
  gaussianLikelihoodGradientOperation,
  gaussianLikelihoodOperation,
} from './operations/gaussian-likelihood';
export {
  GAUSSIAN_ERROR_FORMS,
  gaussianModelingError,
  type GaussianErrorForm,
} from './operations/gaussian-modeling-error';
export {
  gaussianAlgorithmErrorGradientOperation,
  gaussianAlgorithmErrorOperation,
} from './operations/gaussian-algorithm-error';
export { gaussianExactErrorGradientOperation, gaussianExactErrorOperation } from './operations/gaussian-exact-error';
export {
  gaussianResidualErrorGradientOperation,
  gaussianResidualErrorOperation,
} from './operations/gaussian-residual-error';
export { gaussianCost, gaussianCostGradientOperation, gaussianCostOperation } from './operations/gaussian-cost';
export { compete, competeGradientOperation, competeOperation } from './operations/compete';
export { classPosterior, classPosteriorOperation } from './operations/class-posterior';
export { classificationCost, classificationCostOperation } from './operations/classification-cost';
export { adamUpdate, adamUpdateOperation, type AdamSettings } from './operations/adam-update';
