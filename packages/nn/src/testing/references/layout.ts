import type { ReferenceTensor, References } from '../operation-check';

/** The same values. */
export const reshapeReference = ({ x }: References, { shape }: { shape: readonly number[] }): ReferenceTensor[] => [
  { shape, data: x!.data },
];

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

/** The features of each row, concatenated; a feature of C channels as C planes. */
export const stackFeaturesReference = (
  inputs: References,
  { groups: K, batch: B, size: N, planes }: { groups: number; batch: number; size: number; planes?: readonly number[] },
): ReferenceTensor[] => {
  const counts = planes ?? Object.keys(inputs).map(() => 1);
  const columns = N * counts.reduce((sum, count) => sum + count, 0);
  const data = new Float64Array(K * B * columns);
  let at = 0;
  for (let row = 0; row < K * B; row++)
    for (const [f, C] of counts.entries())
      for (let c = 0; c < C; c++)
        for (let n = 0; n < N; n++) data[at++] = inputs[`feature_${f}`]!.data[(row * N + n) * C + c]!;
  return [{ shape: [K * B, columns], data }];
};

/** Every pixel with its eight neighbors, zeros beyond the edge. */
export const im2colReference = (
  { x }: References,
  { images, rows, columns }: { images: number; rows: number; columns: number },
): ReferenceTensor[] => {
  const C = x!.shape[1]!;
  const data = new Float64Array(9 * x!.data.length);
  let at = 0;
  for (let image = 0; image < images; image++)
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++)
        for (const [di, dj] of [-1, 0, 1].flatMap((a) => [-1, 0, 1].map((b) => [a, b] as const)))
          for (let c = 0; c < C; c++) {
            const [r, s] = [i + di, j + dj];
            const inside = r >= 0 && r < rows && s >= 0 && s < columns;
            data[at++] = inside ? x!.data[((image * rows + r) * columns + s) * C + c]! : 0;
          }
  return [{ shape: [images * rows * columns, 9 * C], data }];
};
