import { interleave } from '../contestants/interleave';
import { withVariants, type Variant } from '../contestants/start-variant';
import { byRound, median } from '../median';
import { figure, markdownTable, percent } from '../report/markdown-table';
import { PRODUCTS, type ProfileReply } from '../workloads/profile-workload';
import type { Measurement } from './measurement';

/** The number of listed kernels. */
const LISTED = 12;

/** Where the time of one step went, in milliseconds. */
interface Parts {
  readonly products: number;
  /** All other kernels. */
  readonly elementWise: number;
  /** JavaScript: the tape, shapes, random numbers. */
  readonly outside: number;
}

interface ProfileResult extends Variant {
  /** By round. */
  readonly parts: readonly Parts[];
  /** Medians over the rounds, the largest first. */
  readonly kernels: readonly { readonly name: string; readonly milliseconds: number; readonly calls: number }[];
}

export const profile: Measurement<{ readonly results: readonly ProfileResult[] }> = {
  summary: 'where the time of a training step goes, kernel by kernel',
  title: 'Where the time goes',
  defaults: { variants: 'relaxed:2,relaxed:1,composed:1', rounds: 7 },
  measure: ({ variants, settings, rounds }) =>
    withVariants(
      variants.map((variant) => [variant, 'profile', settings]),
      async (processes) => {
        const replies = await interleave<ProfileReply>(processes, 'step', rounds);
        const results = variants.map((variant, i) => {
          const taken = (replies[i] ?? []).filter((reply) => reply !== null);
          return { ...variant, parts: taken.map(profileParts), kernels: kernelMedians(taken) };
        });
        return { results };
      },
    ),
  section({ results }) {
    const shares = results.map(({ name, threads, parts }) => {
      const share = (part: keyof Parts) => percent(median(parts.map((one) => one[part] / total(one))));
      return {
        variant: name,
        threads: String(threads),
        ms: figure(median(parts.map(total))),
        'matrix products': share('products'),
        'element-wise kernels': share('elementWise'),
        'outside of kernels': share('outside'),
      };
    });
    const { name, threads, kernels } = results[0] as ProfileResult;
    const slowest = kernels.slice(0, LISTED).map(({ name: kernel, milliseconds, calls }) => ({
      kernel,
      ms: figure(milliseconds),
      calls: String(calls),
    }));
    return (
      `${markdownTable(shares)}\nThe slowest kernels of ${name} with ${threads} threads:\n\n` + markdownTable(slowest)
    );
  },
};

/** Divides a step's time. */
export function profileParts({ milliseconds, kernels }: ProfileReply): Parts {
  const sum = (isProduct: boolean) =>
    Object.entries(kernels).reduce(
      (all, [name, time]) => all + (PRODUCTS.has(name) === isProduct ? time.milliseconds : 0),
      0,
    );
  const [products, elementWise] = [sum(true), sum(false)];
  return { products, elementWise, outside: milliseconds - products - elementWise };
}

function total({ products, elementWise, outside }: Parts): number {
  return products + elementWise + outside;
}

function kernelMedians(replies: readonly ProfileReply[]) {
  const names = new Set(replies.flatMap(({ kernels }) => Object.keys(kernels)));
  return [...names]
    .map((name) => ({
      name,
      milliseconds: median(byRound(replies, ({ kernels }) => kernels[name]?.milliseconds ?? 0)),
      calls: median(byRound(replies, ({ kernels }) => kernels[name]?.calls ?? 0)),
    }))
    .sort((a, b) => b.milliseconds - a.milliseconds);
}
