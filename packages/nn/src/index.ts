// What every part of a model is made of.
export { TaggerError, type TaggerErrorCode } from './errors';
export type { Component, ComponentConfig, ComponentFactory, Json, Registries, Registry } from './component';
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

// Matrix products.
export { matMul, matMulOperation } from './operations/matmul';

// Noise models: likelihood, modelling error and denoising cost; class posterior and its cost; the optimizer's step.
export { bitflipLikelihood, bitflipLikelihoodOperation } from './operations/bitflip-likelihood';
export { bitflipModelingError, bitflipModelingErrorOperation } from './operations/bitflip-modeling-error';
export { bitflipCost, bitflipCostOperation } from './operations/bitflip-cost';
export { gaussianLikelihood, gaussianLikelihoodOperation } from './operations/gaussian-likelihood';
export {
  GAUSSIAN_ERROR_FORMS,
  gaussianModelingError,
  type GaussianErrorForm,
} from './operations/gaussian-modeling-error';
export { gaussianAlgorithmErrorOperation } from './operations/gaussian-algorithm-error';
export { gaussianExactErrorOperation } from './operations/gaussian-exact-error';
export { gaussianResidualErrorOperation } from './operations/gaussian-residual-error';
export { gaussianCost, gaussianCostOperation } from './operations/gaussian-cost';
export { classPosterior, classPosteriorOperation } from './operations/class-posterior';
export { classificationCost, classificationCostOperation } from './operations/classification-cost';
export { adamUpdate, adamUpdateOperation, type AdamSettings } from './operations/adam-update';
