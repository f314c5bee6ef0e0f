export { checkOperation, type OperationCheck, type ReferenceTensor } from './testing/check-operation';
export { filled } from './testing/filled';
export { withNegativeNaN } from './testing/negative-nan';
