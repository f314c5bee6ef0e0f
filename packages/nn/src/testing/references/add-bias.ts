import type { Activation } from '../../operations/relu';
import type { ReferenceTensor } from '../check-operation';
import type { References } from './references';

/** The sum, and the rectifier where asked. */
export const addBiasReference = (
  { x, bias }: References,
  { activation }: { activation: Activation },
): ReferenceTensor[] => {
  const D = bias!.data.length;
  const sums = x!.data.map((value, i) => value + bias!.data[i % D]!);
  return [{ shape: x!.shape, data: activation === 'relu' ? sums.map((value) => (value > 0 ? value : 0)) : sums }];
};
