import type { ReferenceTensor, References } from '../operation-check';

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
