import { median } from '../median';
import type { Product, ProductResult, ProductsRun } from '../run';
import { markdownTable } from './markdown-table';
import { figure, percent, present } from './numbers';

/** A core has all its places for instructions to itself where it adds at so much of the best rate of the run. */
const UNDISTURBED = 0.9;

/** Matrix products: GFLOP/s, and the share of what the cores could do at most. */
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
    `GFLOP/s by variant and threads, and the share of the limit: ${figure(median(limits))} GFLOP/s of ` +
    `${limitFused ? 'fused ' : ''}128-bit multiply-adds in registers on one core (median), times the threads, measured ` +
    `beside each product.\n\n${markdownTable([...head, ...columnsOf(contestants)], rowsOf(results))}` +
    (undisturbed === undefined
      ? ''
      : '\nA core has two hardware threads, of which a virtual machine sees one: whoever runs on the other takes half of the ' +
        'places for instructions, which the limit above does not feel and products do. A loop of integer additions, beside ' +
        `each product, tells: they came at ${figure(undisturbed.slowest)} to ${figure(undisturbed.fastest)} in a nanosecond. ` +
        `The same of the ${undisturbed.count} of ${undisturbed.of} measurements of one thread in which they came at ` +
        `${percent(UNDISTURBED)} of the most or more, and the core was ours alone:\n\n` +
        markdownTable([...head, ...columnsOf(undisturbed.results[0]?.entries ?? [])], rowsOf(undisturbed.results)))
  );
}

/**
 * The results of one thread without the measurements in which somebody else was at work on its core; undefined where nothing
 * tells.
 */
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

/** Share of the multiply-adds that the cores could have done in the time, the median over the rounds. */
export function productShare({ M, K, N }: Product, { milliseconds, limitGflops, threads }: ProductResult): number {
  const shares = milliseconds.map((time, round) => {
    const limit = limitGflops[round] ?? null;
    return time === null || limit === null ? null : (2 * M * K * N) / time / 1e6 / (limit * threads);
  });
  return median(present(shares));
}
