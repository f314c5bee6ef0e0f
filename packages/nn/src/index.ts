// The building blocks of every model part.
export { TaggerError, type TaggerErrorCode } from './errors';
export { requireBackend } from './backend';
export type { Component, ComponentConfig, ComponentFactory, Json, Registries, Registry } from './component';
export { checkOneOf, checkOptionNames, checkPositive } from './checks/options';
export {
  assignTree,
  countValues,
  disposeTree,
  joinTrees,
  readTree,
  sameShape,
  type AssignableValue,
  type TensorTree,
  type TensorValue,
  type TreeValues,
} from './tree';

// Operations: how to define one, and how a backend provides a kernel.
export {
  defineOperation,
  ofChannels,
  registerOperationKernel,
  servedBy,
  unregisterOperationKernel,
  type Operation,
  type OperationAttributes,
  type OperationDefinition,
  type OperationInputs,
} from './operation';

// Gradients that TensorFlow.js lacks.
export { explainMissingGradient, registerTensorflowGradients } from './tensorflow-gradients';

// Gradient checkpointing.
export { withGradientCheckpointing, type CheckpointedFunction } from './gradient-checkpointing';

// Matrix products, biases, activations.
export { matMul, matMulOperation } from './operations/linear/matmul';
export {
  featureProduct,
  featureProductGradientOperation,
  featureProductOperation,
} from './operations/linear/feature-product';
export { addBias, addBiasGradientOperation, addBiasOperation } from './operations/linear/add-bias';
export { dense, type DenseOptions } from './operations/linear/dense';
export { biasScale, biasScaleGradientOperation, biasScaleOperation } from './operations/linear/bias-scale';
export { add, addOperation } from './operations/linear/add';
export { relu, reluGradientOperation, reluOperation, type Activation } from './operations/activation/relu';
export { sigmoid, sigmoidGradientOperation, sigmoidOperation } from './operations/activation/sigmoid';
export { initialWeights } from './initial-weights';

// Normalization, and the layer that keeps the statistics.
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
} from './operations/normalization/normalize';
export {
  normalizeWith,
  normalizeWithOperation,
  type NormalizeWithOptions,
} from './operations/normalization/normalize-with';
export { columnMoments, columnMomentsOperation, type ColumnMoments } from './operations/normalization/column-moments';
export {
  createNormalization,
  type Normalization,
  type NormalizationContext,
  type NormalizationOptions,
  type Statistics,
} from './normalization';

// Softmax, over any axis and over groups.
export { softmax, softmaxGradientOperation, softmaxOperation } from './operations/softmax/softmax';
export {
  groupSoftmax,
  groupSoftmaxGradientOperation,
  groupSoftmaxOperation,
  type GroupSoftmax,
} from './operations/softmax/group-softmax';

// The Ladder's combinator.
export {
  combinator,
  COMBINATOR_GATES,
  COMBINATOR_PARAMETERS,
  combinatorGradientOperation,
  combinatorOperation,
  type CombinatorGate,
  type CombinatorParameters,
} from './operations/ladder/combinator';

// The Ladder's denoising cost of one layer.
export {
  reconstructionCost,
  reconstructionCostGradientOperation,
  reconstructionCostOperation,
} from './operations/ladder/reconstruction-cost';

// Shapes and sums.
export { reshape, reshapeOperation } from './operations/layout/reshape';
export {
  stackFeatures,
  stackFeaturesGradientOperation,
  stackFeaturesOperation,
} from './operations/layout/stack-features';
export { swapAxes, swapAxesOperation } from './operations/layout/swap-axes';
export { countImages, im2col, im2colGradientOperation, im2colOperation } from './operations/layout/im2col';
export { weightedSum, weightedSumOperation } from './operations/linear/weighted-sum';
export { columnSum, columnSumOperation } from './operations/reduction/column-sum';
export { sumOfSquares, sumOfSquaresOperation } from './operations/reduction/sum-of-squares';
export { globalNorm, globalNormOperation } from './operations/reduction/global-norm';

// Noise models: likelihood, modeling error and denoising cost; class posterior and its cost; the optimizer's step.
export {
  bitflipLikelihood,
  bitflipLikelihoodGradientOperation,
  bitflipLikelihoodOperation,
} from './operations/noise/bitflip-likelihood';
export {
  bitflipModelingError,
  bitflipModelingErrorGradientOperation,
  bitflipModelingErrorOperation,
} from './operations/noise/bitflip-modeling-error';
export { bitflipCost, bitflipCostGradientOperation, bitflipCostOperation } from './operations/noise/bitflip-cost';
export {
  bitflipPixelCost,
  bitflipPixelCostGradientOperation,
  bitflipPixelCostOperation,
  bitflipPixelError,
  bitflipPixelErrorGradientOperation,
  bitflipPixelErrorOperation,
  bitflipPixelLikelihood,
  bitflipPixelLikelihoodGradientOperation,
  bitflipPixelLikelihoodOperation,
} from './operations/noise/bitflip-pixels';
export {
  gaussianLikelihood,
  gaussianLikelihoodGradientOperation,
  gaussianLikelihoodOperation,
} from './operations/noise/gaussian-likelihood';
export {
  GAUSSIAN_ERROR_FORMS,
  gaussianModelingError,
  type GaussianErrorForm,
} from './operations/noise/gaussian-modeling-error';
export {
  gaussianAlgorithmErrorGradientOperation,
  gaussianAlgorithmErrorOperation,
} from './operations/noise/gaussian-algorithm-error';
export {
  gaussianExactErrorGradientOperation,
  gaussianExactErrorOperation,
} from './operations/noise/gaussian-exact-error';
export {
  gaussianResidualErrorGradientOperation,
  gaussianResidualErrorOperation,
} from './operations/noise/gaussian-residual-error';
export { gaussianCost, gaussianCostGradientOperation, gaussianCostOperation } from './operations/noise/gaussian-cost';
export { compete, competeGradientOperation, competeOperation } from './operations/activation/compete';
export { classPosterior, classPosteriorOperation } from './operations/classification/class-posterior';
export { classificationCost, classificationCostOperation } from './operations/classification/classification-cost';
export { adamUpdate, adamUpdateOperation, type AdamSettings } from './operations/optimizer/adam-update';
export {
  adamUpdates,
  adamUpdatesOperation,
  type AdamTensors,
  type AdamUpdated,
  type AdamUpdatesSettings,
} from './operations/optimizer/adam-updates';
