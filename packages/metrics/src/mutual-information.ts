import type { Contingency } from './contingency';

/** H = -sum_i a_i / n log(a_i / n), in nats, of labels with a_i elements each. */
export function entropy(sizes: Int32Array, total: number): number {
  let sum = 0;
  for (const size of sizes) sum -= (size / total) * Math.log(size / total);
  return sum;
}

/** MI = sum_ij n_ij / n log(n n_ij / (a_i b_j)), in nats. */
export function mutualInformation({ total, rows, columns, cells }: Contingency): number {
  let sum = 0;
  for (const { row, column, count } of cells) {
    const expected = ((rows[row] as number) / total) * (columns[column] as number);
    sum += (count / total) * Math.log(count / expected);
  }
  return Math.max(0, sum); // below 0 only by rounding
}

/**
 * E[MI] over all labelings with the same sizes, in nats: sum over i, j of
 *
 *     E[ k / n log(n k / (a_i b_j)) ],   k ~ Hypergeometric(n, a_i, b_j)
 *
 * Source: Vinh, Epps, Bailey, "Information theoretic measures for clusterings comparison" (JMLR 11, 2010), Eq. 24a. The
 * probabilities follow from that of the mode by the recurrence
 *
 *     P(k + 1) / P(k) = (a - k) (b - k) / ((k + 1) (n - a - b + k + 1))
 *
 * and are divided by their sum, so neither factorials nor underflow occur. Pairs of equal sizes are computed once.
 */
export function expectedMutualInformation({ total, rows, columns }: Contingency): number {
  const columnSizes = [...multiplicities(columns)];
  let sum = 0;
  for (const [a, rowsOfSize] of multiplicities(rows)) {
    for (const [b, columnsOfSize] of columnSizes) {
      sum += rowsOfSize * columnsOfSize * expectedCell(total, a, b);
    }
  }
  return sum / total;
}

/** Probabilities below this share of the largest one change no digit of the sum. */
const NEGLIGIBLE = 1e-20;

/** E[k log(k / mean)], k ~ Hypergeometric(n, a, b), mean = a b / n. */
function expectedCell(n: number, a: number, b: number): number {
  const first = Math.max(0, a + b - n);
  const last = Math.min(a, b);
  const mode = Math.floor(((a + 1) * (b + 1)) / (n + 2));
  const logMean = Math.log(a) + Math.log(b) - Math.log(n);
  let weights = 1;
  let sum = mode === 0 ? 0 : mode * (Math.log(mode) - logMean);

  let weight = 1;
  for (let k = mode; k < last && weight > NEGLIGIBLE;) {
    weight *= ((a - k) * (b - k)) / ((k + 1) * (n - a - b + k + 1));
    k++;
    weights += weight;
    sum += weight * k * (logOf(k) - logMean);
  }
  weight = 1;
  for (let k = mode; k > first && weight > NEGLIGIBLE;) {
    weight *= (k * (n - a - b + k)) / ((a - k + 1) * (b - k + 1));
    k--;
    weights += weight;
    if (k > 0) sum += weight * k * (logOf(k) - logMean);
  }
  return sum / weights;
}

function multiplicities(sizes: Int32Array): Map<number, number> {
  const counts = new Map<number, number>();
  for (const size of sizes) counts.set(size, (counts.get(size) ?? 0) + 1);
  return counts;
}

const CACHED = 1 << 14;
let logarithms: Float64Array | undefined;

/** Math.log of an integer from 1 up: the first ones from a table made on first use. */
function logOf(k: number): number {
  if (k >= CACHED) return Math.log(k);
  logarithms ??= Float64Array.from({ length: CACHED }, (_, i) => Math.log(i));
  return logarithms[k] as number;
}
