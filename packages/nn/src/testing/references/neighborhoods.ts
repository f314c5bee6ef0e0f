import type { ReferenceTensor } from '../check-operation';
import type { References } from './references';

/** Every pixel with its eight neighbors, zeros beyond the edge. */
export const neighborhoodsReference = (
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
