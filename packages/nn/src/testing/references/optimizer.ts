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

/** The same for several parameters, with a factor of the gradients and an average of the parameters. */
export const adamUpdatesReference = (
  inputs: References,
  {
    count,
    hasScale,
    hasAverage,
    averageDecay,
    ...settings
  }: Attributes & {
    count: number;
    hasScale: boolean;
    hasAverage: boolean;
    averageDecay: number;
  },
): ReferenceTensor[] =>
  Array.from({ length: count }, (_, i) => {
    const named = (name: string) => inputs[`${name}_${i}`]!;
    const { shape, data } = named('gradient');
    const gradient = { shape, data: data.map((value) => value * (hasScale ? inputs['scale']!.data[0]! : 1)) };
    const updated = adamUpdateReference(
      { parameter: named('parameter'), gradient, m: named('m'), v: named('v') },
      settings,
    );
    if (!hasAverage) return updated;
    const average = named('average').data.map(
      (value, j) => averageDecay * value + (1 - averageDecay) * updated[0]!.data[j]!,
    );
    return [...updated, { shape, data: average }];
  }).flat();
