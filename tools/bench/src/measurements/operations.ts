import { interleave } from '../contestants/interleave';
import { withVariants, type Variant } from '../contestants/start-variant';
import { byRound, median, type ByRound } from '../median';
import { operationCases } from '../operation-cases';
import { figure, markdownTable } from '../report/markdown-table';
import type { OperationReply } from '../workloads/operation-workload';
import type { Measurement } from './measurement';

interface OperationResult extends Variant {
  readonly servedBy: 'kernel' | 'composed';
  readonly forward: ByRound;
  /** Forward and backward; null without gradients. */
  readonly both: ByRound | null;
}

export const operations: Measurement<{
  readonly results: readonly { readonly operation: string; readonly entries: readonly OperationResult[] }[];
}> = {
  summary: 'each operation at the size of the hidden layer, forward and backward',
  title: 'Operations',
  defaults: { variants: 'relaxed:2,relaxed:1,plain:1,composed:1', rounds: 5 },
  measure: ({ variants, settings, rounds }) =>
    withVariants(
      variants.map((variant) => [variant, 'operation', settings]),
      async (processes) => {
        const results = [];
        const cases = operationCases(settings.groups, settings.batch, settings.sizes[0] as number);
        for (const { name: operation, differentiable } of cases) {
          const ask = (what: string) => interleave<OperationReply>(processes, `${what} ${operation}`, rounds);
          const forward = await ask('forward');
          const both = differentiable ? await ask('both') : undefined;
          const entries = variants.map((variant, i) => ({
            ...variant,
            servedBy: forward[i]?.find((reply) => reply !== null)?.servedBy ?? 'composed',
            forward: byRound(forward[i], (reply) => reply.milliseconds),
            both: both === undefined ? null : byRound(both[i], (reply) => reply.milliseconds),
          }));
          results.push({ operation, entries });
        }
        return { results };
      },
    ),
  section: ({ results, settings: { groups, batch, sizes } }) =>
    `Milliseconds by variant and threads, for shapes [${groups * batch}, ${sizes[0]}], or [${groups}, ${batch}, ` +
    `${sizes[0]}] with groups: forward / forward plus the gradients that a step needs. c: composed of TensorFlow.js ` +
    'operations.\n\n' +
    markdownTable(
      results.map(({ operation, entries }) => ({
        operation,
        ...Object.fromEntries(
          entries.map(({ name, threads, forward, both, servedBy }) => {
            const times = both === null ? [forward] : [forward, both];
            const suffix = servedBy === 'composed' ? ' c' : '';
            return [`${name}, ${threads}`, times.map((values) => figure(median(values))).join(' / ') + suffix];
          }),
        ),
      })),
    ),
};
