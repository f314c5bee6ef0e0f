// Holding an operation against its float64 reference.
export { checkOperation, type OperationCheck, type ReferenceTensor } from './testing/check-operation';
export { measureOperation, type MeasureOptions, type OperationMeasurement } from './testing/measure-operation';
export { references } from './testing/references';
export type { References } from './testing/references/references';

// Inputs.
export { filled } from './testing/filled';
export { uneven, unevenAssignments, unevenBits, type Filling } from './testing/uneven';
export { withNegativeNaN } from './testing/negative-nan';
