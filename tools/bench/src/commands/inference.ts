import { startEntry, withEntries } from '../contestants/contestants';
import { interleave } from '../contestants/interleave';
import type { LineProcess } from '../contestants/line-process';
import { round, stepResult } from '../measure-steps';
import type { InferenceRun } from '../run';
import type { Command } from './command';

export const inference: Command<InferenceRun> = {
  summary: 'inference of one input, against the time that reading the weights takes',
  defaults: {
    variants: 'relaxed:2,relaxed:1,plain:2,composed:2',
    rounds: 21,
    settings: { task: 'inference', batch: 1, iterations: 5 },
  },
  measure: ({ entries, settings, rounds }) =>
    withEntries(entries, 'step', settings, async (processes) => {
      const threadCounts = [...new Set(entries.map(({ threads }) => threads))];
      const readers: LineProcess[] = [];
      try {
        for (const threads of threadCounts) {
          readers.push(await startEntry({ name: 'relaxed', threads }, 'bandwidth', settings));
        }
        const replies = await interleave([...processes, ...readers], 'step', rounds);
        return {
          command: 'inference',
          results: entries.map((entry, i) => stepResult(entry, processes[i] as LineProcess, replies[i] ?? [])),
          bounds: threadCounts.map((threads, i) => ({
            threads,
            milliseconds: (replies[entries.length + i] ?? []).map((reply) => reply && round(reply.milliseconds)),
          })),
        };
      } finally {
        await Promise.all(readers.map((reader) => reader.end()));
      }
    }),
};
