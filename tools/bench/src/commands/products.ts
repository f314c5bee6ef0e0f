import { withEntries } from '../contestants/contestants';
import { interleave } from '../contestants/interleave';
import { round } from '../measure-steps';
import { layerProducts } from '../matmul-flops';
import type { Product, ProductsRun } from '../run';
import type { StepSettings } from '../step-settings';
import type { ProductReply } from '../workloads/product-workload';
import type { Command } from './command';

export const products: Command<ProductsRun> = {
  summary: "a model's matrix products, against the core's limit of multiply-adds",
  defaults: { variants: 'relaxed:1,relaxed:2,plain:1,composed:1', rounds: 5 },
  measure: ({ entries, settings, rounds }) =>
    withEntries(entries, 'product', settings, async (processes) => {
      const results: ProductsRun['results'][number][] = [];
      let limitFused = false;
      for (const product of productsOf(settings)) {
        const { M, K, N, transposes } = product;
        const replies = await interleave<ProductReply>(processes, `${M}x${K}x${N} ${transposes}`, rounds);
        limitFused = replies.flat().some((reply) => reply?.limitFused);
        const measured = entries.map(({ name, threads }, i) => ({
          name,
          threads,
          milliseconds: (replies[i] ?? []).map((reply) => reply && round(reply.milliseconds)),
          limitGflops: (replies[i] ?? []).map((reply) => reply && round(reply.limitGflops)),
          additionsPerNanosecond: (replies[i] ?? []).map((reply) => reply && round(reply.additionsPerNanosecond)),
        }));
        results.push({ ...product, entries: measured });
      }
      return { command: 'products', limitFused, results };
    }),
};

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
