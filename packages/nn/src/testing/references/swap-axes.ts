import type { ReferenceTensor } from '../check-operation';
import type { References } from './references';

/** x seen as [outer, a, b, inner], as [outer, b, a, inner]. */
export const swapAxesReference = (
  { x }: References,
  { view: [outer, a, b, inner], shape }: { view: readonly [number, number, number, number]; shape: readonly number[] },
): ReferenceTensor[] => {
  const data = new Float64Array(outer * a * b * inner);
  for (let o = 0; o < outer; o++)
    for (let i = 0; i < a; i++)
      for (let j = 0; j < b; j++)
        for (let n = 0; n < inner; n++)
          data[((o * b + j) * a + i) * inner + n] = x!.data[((o * a + i) * b + j) * inner + n]!;
  return [{ shape, data }];
};
