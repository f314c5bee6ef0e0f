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
