import type { ReferenceTensor } from '../check-operation';
import type { References } from './references';

/** Exponentials over their sum along the axis. */
export const softmaxReference = ({ x }: References, { axis }: { axis: number }): ReferenceTensor[] => {
  const n = x!.shape[axis]!;
  const stride = x!.shape.slice(axis + 1).reduce((a, b) => a * b, 1);
  const largest = x!.data.reduce((a, b) => Math.max(a, b), -Infinity);
  const exponentials = x!.data.map((value) => Math.exp(value - largest));
  const data = exponentials.map((value, i) => {
    const first = i - (Math.floor(i / stride) % n) * stride;
    let sum = 0;
    for (let k = 0; k < n; k++) sum += exponentials[first + k * stride]!;
    return value / sum;
  });
  return [{ shape: x!.shape, data }];
};
