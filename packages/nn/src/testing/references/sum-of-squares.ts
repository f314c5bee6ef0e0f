import type { ReferenceTensor } from '../check-operation';
import type { References } from './references';

/** The sum of squares. */
export const sumOfSquaresReference = ({ x }: References): ReferenceTensor[] => [
  { shape: [], data: Float64Array.of(x!.data.reduce((sum, value) => sum + value * value, 0)) },
];
