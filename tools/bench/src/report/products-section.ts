import { median } from '../median';
import type { Product, ProductResult, ProductsRun } from '../run';
import { markdownTable } from './markdown-table';
import { figure, percent, present } from './numbers';

/** Matrix products: GFLOP/s, and the share of what the cores could do at most. */
export function productsSection({ results, limitFused }: ProductsRun): string {
  const contestants = results[0]?.entries ?? [];
  const limits = present(results.flatMap(({ entries }) => entries.flatMap(({ limitGflops }) => limitGflops)));
  const rows = results.map((product) => [
    product.name,
    `${product.M} × ${product.K} × ${product.N}`,
    product.transposes,
    ...product.entries.map(
      (entry) => `${figure(productGflops(product, entry))} (${percent(productShare(product, entry))})`,
    ),
  ]);
  const table = markdownTable(
    [
      { heading: 'weights, product' },
      { heading: 'M × K × N' },
      { heading: 'transposes' },
      ...contestants.map(({ name, threads }) => ({ heading: `${name}, ${threads}`, numeric: true })),
    ],
    rows,
  );
  return (
    `GFLOP/s by variant and threads, and the share of the limit: ${figure(median(limits))} GFLOP/s of ` +
    `${limitFused ? 'fused ' : ''}128-bit multiply-adds in registers on one core (median), times the threads, measured ` +
    `beside each product.\n\n${table}`
  );
}

function productGflops({ M, K, N }: Product, { milliseconds }: ProductResult): number {
  return (2 * M * K * N) / median(present(milliseconds)) / 1e6;
}

/** Share of the multiply-adds that the cores could have done in the time, the median over the rounds. */
export function productShare({ M, K, N }: Product, { milliseconds, limitGflops, threads }: ProductResult): number {
  const shares = milliseconds.map((time, round) => {
    const limit = limitGflops[round] ?? null;
    return time === null || limit === null ? null : (2 * M * K * N) / time / 1e6 / (limit * threads);
  });
  return median(present(shares));
}
