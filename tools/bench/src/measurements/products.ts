import { interleave } from '../contestants/interleave';
import { withVariants, type Variant } from '../contestants/start-variant';
import { layerProducts } from '../matmul-flops';
import { byRound, median, present, type ByRound } from '../median';
import { figure, markdownTable, percent } from '../report/markdown-table';
import type { StepSettings } from '../step-settings';
import type { ProductReply } from '../workloads/product-workload';
import type { Measurement } from './measurement';

/** A variant's time for a product. */
export interface ProductResult extends Variant {
  readonly milliseconds: ByRound;
  /** GFLOP/s of multiply-adds on one core, measured next to each. */
  readonly limitGflops: ByRound;
  /** Integer additions per nanosecond on one core, measured next to each. */
  readonly additionsPerNanosecond: ByRound;
}

/** A product op(A) op(B): [M, K] times [K, N]. */
interface Product {
  /** The weights, and the computation with them: `W_h, y = x W`. */
  readonly name: string;
  readonly M: number;
  readonly K: number;
  readonly N: number;
  /** For each factor, whether it is transposed (t) or not (n). */
  readonly transposes: 'nn' | 'nt' | 'tn' | 'tt';
}

interface ProductResults {
  readonly results: readonly (Product & { readonly entries: readonly ProductResult[] })[];
}

export const products: Measurement<ProductResults> = {
  summary: "a model's matrix products in all layouts, and their share of the core's peak",
  title: 'Matrix products',
  defaults: { variants: 'relaxed:1,relaxed:2,plain:1,composed:1', rounds: 5 },
  measure: ({ variants, settings, rounds }) =>
    withVariants(
      variants.map((variant) => [variant, 'product', settings]),
      async (processes) => {
        const results = [];
        for (const product of productsOf(settings)) {
          const { M, K, N, transposes } = product;
          const replies = await interleave<ProductReply>(processes, `${M}x${K}x${N} ${transposes}`, rounds);
          const entries = variants.map((variant, i) => ({
            ...variant,
            milliseconds: byRound(replies[i], (reply) => reply.milliseconds),
            limitGflops: byRound(replies[i], (reply) => reply.limitGflops),
            additionsPerNanosecond: byRound(replies[i], (reply) => reply.additionsPerNanosecond),
          }));
          results.push({ ...product, entries });
        }
        return { results };
      },
    ),
  section({ results }) {
    const limits = results.flatMap(({ entries }) => entries.flatMap(({ limitGflops }) => limitGflops));
    const rates = present(
      results.flatMap(({ entries }) =>
        entries.flatMap((entry) => (entry.threads === 1 ? entry.additionsPerNanosecond : [])),
      ),
    );
    const fastest = Math.max(...rates);
    const isUndisturbed = (rate: number | null | undefined) => (rate ?? 0) >= UNDISTURBED * fastest;
    const undisturbed = ({ milliseconds, additionsPerNanosecond, ...entry }: ProductResult): ProductResult => ({
      ...entry,
      milliseconds: milliseconds.map((time, i) => (isUndisturbed(additionsPerNanosecond[i]) ? time : null)),
      additionsPerNanosecond,
    });
    const ofOneThread = results.map((product) => ({
      ...product,
      entries: product.entries.filter(({ threads }) => threads === 1).map(undisturbed),
    }));
    return (
      `GFLOP/s by variant and threads, and the share of the peak: ${figure(median(limits))} GFLOP/s of fused 128-bit ` +
      'multiply-adds in registers on one core (median), times the threads. The peak is measured next to each product.\n\n' +
      `${productsTable(results)}\n` +
      'A core has two hardware threads, and a virtual machine sees one of them. A guest on the other takes half of the ' +
      'issue slots. That slows the products down, but not the peak above. A loop of integer additions next to each product ' +
      `shows it: its rate was ${figure(Math.min(...rates))} to ${figure(fastest)} additions per nanosecond. The next table ` +
      `has the ${rates.filter(isUndisturbed).length} of ${rates.length} single-thread measurements with at least ` +
      `${percent(UNDISTURBED)} of the highest rate, on an undisturbed core:\n\n${productsTable(ofOneThread)}`
    );
  },
};

/** A core counts as undisturbed if its addition rate is at least this share of the best rate of the run. */
const UNDISTURBED = 0.9;

function productsTable(results: ProductResults['results']): string {
  return markdownTable(
    results.map(({ name, M, K, N, transposes, entries }) => ({
      'weights, product': name,
      'M × K × N': `${M} × ${K} × ${N}`,
      transposes,
      ...Object.fromEntries(
        entries.map(({ name: variant, threads, milliseconds, limitGflops }) => {
          const gflops = milliseconds.map((time) => time && (2 * M * K * N) / time / 1e6);
          const shares = gflops.map((value, i) => value && value / ((limitGflops[i] as number) * threads));
          return [`${variant}, ${threads}`, `${figure(median(gflops))} (${percent(median(shares))})`];
        }),
      ),
    })),
  );
}

/** Each layer's y = x W, dx = dy W^T and dW = x^T dy, once of each shape; and one product with both factors transposed. */
export function productsOf(settings: StepSettings): Product[] {
  const rows = settings.groups * settings.batch;
  const all = layerProducts(settings).flatMap(({ name, inner, columns }): Product[] => [
    { name: `${name}, y = x W`, M: rows, K: inner, N: columns, transposes: 'nn' },
    { name: `${name}, dx = dy Wᵀ`, M: rows, K: columns, N: inner, transposes: 'nt' },
    { name: `${name}, dW = xᵀ dy`, M: inner, K: rows, N: columns, transposes: 'tn' },
  ]);
  const [first] = all as [Product, ...Product[]];
  all.push({ ...first, name: 'none, xᵀ Wᵀ', transposes: 'tt' });
  const key = ({ M, K, N, transposes }: Product) => `${M} ${K} ${N} ${transposes}`;
  return all.filter((product, i) => all.findIndex((other) => key(other) === key(product)) === i);
}
