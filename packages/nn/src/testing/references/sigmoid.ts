import type { ReferenceTensor } from '../check-operation';
import type { References } from './references';

const logistic = (x: number) => 1 / (1 + Math.exp(-x));

/** 1 / (1 + exp(-x)). */
export const sigmoidReference = ({ x }: References): ReferenceTensor[] => [
  { shape: x!.shape, data: x!.data.map(logistic) },
];
