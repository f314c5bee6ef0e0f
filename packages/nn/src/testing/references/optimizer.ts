import type { ReferenceTensor, References } from '../operation-check';

type Attributes = { learningRate: number; beta1: number; beta2: number; epsilon: number; step: number };

/** Algorithm 1 of Kingma & Ba, line by line. */
export const adamUpdateReference = (
  { parameter, gradient, m, v }: References,
  { learningRate, beta1, beta2, epsilon, step }: Attributes,
): ReferenceTensor[] => {
  const shape = parameter!.shape;
  const mean = m!.data.map((value, i) => beta1 * value + (1 - beta1) * gradient!.data[i]!);
  const square = v!.data.map((value, i) => beta2 * value + (1 - beta2) * gradient!.data[i]! ** 2);
  const data = parameter!.data.map((value, i) => {
    const mHat = mean[i]! / (1 - beta1 ** step);
    const vHat = square[i]! / (1 - beta2 ** step);
    return value - (learningRate * mHat) / (Math.sqrt(vHat) + epsilon);
  });
  return [
    { shape, data },
    { shape, data: mean },
    { shape, data: square },
  ];
};
