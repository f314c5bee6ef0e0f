import type { ReferenceTensor } from '../check-operation';
import type { References } from './references';

/** gain (x + bias). */
export const biasScaleReference = ({ x, bias, gain }: References): ReferenceTensor[] => {
  const D = bias!.data.length;
  return [{ shape: x!.shape, data: x!.data.map((value, i) => gain!.data[i % D]! * (value + bias!.data[i % D]!)) }];
};
