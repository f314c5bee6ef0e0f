import type { ReferenceTensor } from '../check-operation';
import type { References } from './references';

/** max(x, 0). */
export const reluReference = ({ x }: References): ReferenceTensor[] => [
  { shape: x!.shape, data: x!.data.map((value) => (value > 0 ? value : 0)) },
];
