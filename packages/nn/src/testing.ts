// Compares an operation with its float64 reference.
export { checkOperation } from './testing/check-operation';
export type { OperationCheck, References, ReferenceTensor } from './testing/operation-check';
export { measureOperation, type MeasureOptions, type OperationMeasurement } from './testing/measure-operation';
export { references } from './testing/references';

// Inputs.
export { filled } from './testing/filled';
export { uneven, unevenAssignments, unevenBits, type Filling } from './testing/uneven';
export { withNegativeNaN } from './testing/negative-nan';
