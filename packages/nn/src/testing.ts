// What tests of operations need: an operation against its float64 reference, values and gradients.
export { checkOperation, type OperationCheck, type ReferenceTensor } from './testing/check-operation';
