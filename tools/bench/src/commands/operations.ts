import { withEntries } from '../contestants/contestants';
import { interleave } from '../contestants/interleave';
import { round } from '../measure-steps';
import { operationCases } from '../operation-cases';
import type { OperationsRun } from '../run';
import type { OperationReply } from '../workloads/operation-workload';
import type { Command } from './command';

export const operations: Command<OperationsRun> = {
  summary: 'each operation with rows and columns of a hidden layer, forward and backward',
  defaults: { variants: 'relaxed:2,relaxed:1,plain:1,composed:1', rounds: 5 },
  measure: ({ entries, settings, rounds }) =>
    withEntries(entries, 'operation', settings, async (processes) => {
      const cases = operationCases(settings.groups, settings.batch, settings.sizes[0] as number);
      const results: OperationsRun['results'][number][] = [];
      for (const { name: operation, differentiable = true } of cases) {
        const ask = (what: string) => interleave<OperationReply>(processes, `${what} ${operation}`, rounds);
        const forward = await ask('forward');
        const both = differentiable ? await ask('both') : undefined;
        const times = (replies: readonly (OperationReply | null)[] = []) =>
          replies.map((reply) => reply && round(reply.milliseconds));
        const measured = entries.map(({ name, threads }, i) => ({
          name,
          threads,
          servedBy: forward[i]?.find((reply) => reply !== null)?.servedBy ?? 'composed',
          forward: times(forward[i]),
          both: both === undefined ? null : times(both[i]),
        }));
        results.push({ operation, entries: measured });
      }
      return { command: 'operations', results };
    }),
};
