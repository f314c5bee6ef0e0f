import { median } from '../median';
import type { Product, ProductResult, ProductsRun } from '../run';
import { markdownTable } from './markdown-table';
import { figure, percent, present } from './numbers';

/** A core counts as undisturbed if its addition rate is at least this share of the best rate of the run. */
const UNDISTURBED = 0.9;

/** Matrix products: GFLOP/s, and the share of the cores' peak. */
export function productsSection({ results, limitFused }: ProductsRun): string {
  const contestants = results[0]?.entries ?? [];
  const limits = present(results.flatMap(({ entries }) => entries.flatMap(({ limitGflops }) => limitGflops)));
  const undisturbed = undisturbedProducts(results);
  const columnsOf = (entries: readonly ProductResult[]) =>
    entries.map(({ name, threads }) => ({ heading: `${name}, ${threads}`, numeric: true }));
  const head = [{ heading: 'weights, product' }, { heading: 'M × K × N' }, { heading: 'transposes' }];
  const rowsOf = (products: ProductsRun['results']) =>
    products.map((product) => [
      product.name,
      `${product.M} × ${product.K} × ${product.N}`,
      product.transposes,
      ...product.entries.map(
        (entry) => `${figure(productGflops(product, entry))} (${percent(productShare(product, entry))})`,
      ),
    ]);
  return (
    `GFLOP/s by variant and threads, and the share of the peak: ${figure(median(limits))} GFLOP/s of ` +
    `${limitFused ? 'fused ' : ''}128-bit multiply-adds in registers on one core (median), times the threads. The peak is ` +
    `measured next to each product.\n\n${markdownTable([...head, ...columnsOf(contestants)], rowsOf(results))}` +
    (undisturbed === undefined
      ? ''
      : '\nA core has two hardware threads, and a virtual machine sees one of them. A guest on the other takes half of the ' +
        'issue slots. That slows the products down, but not the peak above. A loop of integer additions next to each product ' +
        `shows it: its rate was ${figure(undisturbed.slowest)} to ${figure(undisturbed.fastest)} additions per nanosecond. ` +
        `The next table has the ${undisturbed.count} of ${undisturbed.of} single-thread measurements with at least ` +
        `${percent(UNDISTURBED)} of the highest rate, on an undisturbed core:\n\n` +
        markdownTable([...head, ...columnsOf(undisturbed.results[0]?.entries ?? [])], rowsOf(undisturbed.results)))
  );
}

/** The single-thread results measured on an undisturbed core; undefined if the recording cannot tell. */
export function undisturbedProducts(all: ProductsRun['results']) {
  const results = all.map((product) => ({
    ...product,
    entries: product.entries.filter(({ threads }) => threads === 1),
  }));
  const rates = present(
    results.flatMap(({ entries }) => entries.flatMap((entry) => entry.additionsPerNanosecond ?? [])),
  );
  if (rates.length === 0) return undefined;
  const fastest = Math.max(...rates);
  const isUndisturbed = (rate: number | null | undefined) => (rate ?? 0) >= UNDISTURBED * fastest;
  return {
    fastest,
    slowest: Math.min(...rates),
    count: rates.filter(isUndisturbed).length,
    of: rates.length,
    results: results.map((product) => ({
      ...product,
      entries: product.entries.map((entry) => ({
        ...entry,
        milliseconds: entry.milliseconds.map((time, round) =>
          isUndisturbed(entry.additionsPerNanosecond?.[round]) ? time : null,
        ),
      })),
    })),
  };
}

function productGflops({ M, K, N }: Product, { milliseconds }: ProductResult): number {
  return (2 * M * K * N) / median(present(milliseconds)) / 1e6;
}

/** Share of the multiply-adds that the cores could have done in that time, median over the rounds. */
export function productShare({ M, K, N }: Product, { milliseconds, limitGflops, threads }: ProductResult): number {
  const shares = milliseconds.map((time, round) => {
    const limit = limitGflops[round] ?? null;
    return time === null || limit === null ? null : (2 * M * K * N) / time / 1e6 / (limit * threads);
  });
  return median(present(shares));
}
