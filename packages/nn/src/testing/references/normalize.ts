import type { Activation } from '../../operations/relu';
import type { Norm } from '../../operations/normalize';
import type { ReferenceTensor } from '../check-operation';
import type { References } from './references';

type Attributes = { norm: Norm; epsilon: number; activation: Activation; hasGain: boolean; hasBias: boolean };

/** The formula, element by element. */
export const normalizeReference = (
  { x, gain, bias }: References,
  { norm, epsilon, activation, hasGain, hasBias }: Attributes,
): ReferenceTensor[] => {
  const [R, D] = x!.shape as [number, number];
  const [sets, members] = norm === 'layer' ? [R, D] : [D, R];
  const at = (set: number, member: number) => (norm === 'layer' ? set * D + member : member * D + set);
  const y = new Float64Array(R * D);
  const mean = new Float64Array(sets);
  const inverseStd = new Float64Array(sets);
  for (let s = 0; s < sets; s++) {
    let sum = 0;
    for (let i = 0; i < members; i++) sum += x!.data[at(s, i)]!;
    const average = sum / members;
    let squares = 0;
    for (let i = 0; i < members; i++) squares += (x!.data[at(s, i)]! - average) ** 2;
    mean[s] = average;
    inverseStd[s] = 1 / Math.sqrt(squares / members + epsilon);
    for (let i = 0; i < members; i++) {
      const element = at(s, i);
      const feature = element % D;
      let value = (x!.data[element]! - average) * inverseStd[s]!;
      if (hasGain) value *= gain!.data[gain!.shape.length === 0 ? 0 : feature]!;
      if (hasBias) value += bias!.data[bias!.shape.length === 0 ? 0 : feature]!;
      y[element] = activation === 'relu' && value < 0 ? 0 : value;
    }
  }
  return [
    { shape: [R, D], data: y },
    { shape: [sets], data: mean },
    { shape: [sets], data: inverseStd },
  ];
};
