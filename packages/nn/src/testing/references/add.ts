import type { ReferenceTensor } from '../check-operation';
import type { References } from './references';

/** The sum, element by element. */
export const addReference = ({ a, b }: References): ReferenceTensor[] => [
  { shape: a!.shape, data: a!.data.map((value, i) => value + b!.data[i]!) },
];
