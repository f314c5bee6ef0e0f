import '@tensorflow/tfjs-backend-cpu';

import { countWaves, waves } from './waves';

it.each([
  [[3, 3], 8],
  [[2, 3], 4],
  [[4, 4], 12],
  [[6, 8], 44],
  [[1, 1], 0],
  [[2, 2], 0],
] as const)('waves of %j are %i orthogonal rows of mean zero', async (size, count) => {
  const basis = waves(size);
  const rows = (await basis.array()) as number[][];
  const N = size[0] * size[1];
  expect(basis.shape).toEqual([count, N]);
  expect(2 * countWaves(size)).toBe(count);
  const product = (a: readonly number[], b: readonly number[]) => a.reduce((sum, x, i) => sum + x * b[i]!, 0) / N;
  for (const [i, row] of rows.entries()) {
    expect(product(row, Array(N).fill(1))).toBeCloseTo(0, 5);
    for (const [j, other] of rows.entries()) expect(product(row, other)).toBeCloseTo(i === j ? 0.5 : 0, 5);
  }
  basis.dispose();
});

it('waves of an image with channels are those of each channel in turn', async () => {
  const [one, three] = [waves([2, 3]), waves([2, 3], 3)];
  const rows = (await one.array()) as number[][];
  const spread = (await three.array()) as number[][];
  expect(three.shape).toEqual([12, 18]);
  spread.forEach((row, i) =>
    row.forEach((value, n) => expect(value).toBe(Math.floor(i / 4) === n % 3 ? rows[i % 4]![Math.floor(n / 3)] : 0)),
  );
  one.dispose();
  three.dispose();
});

it('an image of 28 x 28 pixels holds 390 waves', () => expect(countWaves([28, 28])).toBe(390));
