import type { ReferenceTensor } from '../check-operation';
import type { References } from './references';

/** m and log m: the logits less the logarithm of the groups' sum, shifted by the largest. */
export const groupSoftmaxReference = ({ logits }: References): ReferenceTensor[] => {
  const { shape, data } = logits!;
  const elements = shape[1]! * shape[2]!;
  const largest = new Float64Array(elements).fill(-Infinity);
  for (let i = 0; i < data.length; i++) largest[i % elements] = Math.max(largest[i % elements]!, data[i]!);
  const sums = new Float64Array(elements);
  for (let i = 0; i < data.length; i++) sums[i % elements]! += Math.exp(data[i]! - largest[i % elements]!);
  const logM = data.map((value, i) => value - largest[i % elements]! - Math.log(sums[i % elements]!));
  return [
    { shape, data: logM.map(Math.exp) },
    { shape, data: logM },
  ];
};
