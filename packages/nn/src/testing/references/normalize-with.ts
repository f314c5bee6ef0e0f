import type { Activation } from '../../operations/relu';
import type { ReferenceTensor } from '../check-operation';
import type { References } from './references';

type Attributes = { epsilon: number; activation: Activation; hasGain: boolean; hasBias: boolean };

/** Normalization by the statistics given. */
export const normalizeWithReference = (
  { x, mean, variance, gain, bias }: References,
  { epsilon, activation, hasGain, hasBias }: Attributes,
): ReferenceTensor[] => {
  const D = x!.shape[1]!;
  const data = x!.data.map((element, i) => {
    const d = i % D;
    let value = (element - mean!.data[d]!) / Math.sqrt(variance!.data[d]! + epsilon);
    if (hasGain) value *= gain!.data[gain!.shape.length === 0 ? 0 : d]!;
    if (hasBias) value += bias!.data[bias!.shape.length === 0 ? 0 : d]!;
    return activation === 'relu' && value < 0 ? 0 : value;
  });
  return [{ shape: x!.shape, data }];
};
