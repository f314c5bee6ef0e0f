import type { Activation } from '../../operations/activation/relu';
import type { Norm } from '../../operations/normalization/normalize';
import type { ReferenceTensor, References } from '../operation-check';

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

/** Normalization by the given statistics. */
export const normalizeWithReference = (
  { x, mean, variance, gain, bias }: References,
  { epsilon, activation, hasGain, hasBias }: Omit<Attributes, 'norm'>,
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

/** Mean and biased variance of each column, in two passes. */
export const columnMomentsReference = ({ x }: References): ReferenceTensor[] => {
  const [R, D] = x!.shape as [number, number];
  const column = (d: number) => Array.from({ length: R }, (_, r) => x!.data[r * D + d]!);
  const mean = Float64Array.from({ length: D }, (_, d) => column(d).reduce((a, b) => a + b, 0) / R);
  const variance = mean.map((m, d) => column(d).reduce((a, b) => a + (b - m) ** 2, 0) / R);
  return [mean, variance].map((data) => ({ shape: [D], data }));
};
