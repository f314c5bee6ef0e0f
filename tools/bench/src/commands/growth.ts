import { measureSteps } from '../measure-steps';
import type { GrowthAxis, GrowthRun } from '../run';
import type { Command } from './command';

/** The values to try on each axis; everything else is as in the settings. */
const VALUES: Readonly<Record<GrowthAxis, readonly number[]>> = {
  groups: [1, 2, 4, 8],
  iterations: [1, 2, 3, 5],
  batch: [25, 50, 100, 200],
  inputSize: [100, 400, 784, 1600],
};

export const growth: Command<GrowthRun> = {
  summary: 'how time and memory of a step grow with K, T, B and N',
  defaults: { variants: 'relaxed:2', rounds: 7 },
  async measure({ entries, settings, rounds }) {
    const results: GrowthRun['results'][number][] = [];
    for (const entry of entries) {
      for (const [axis, values] of Object.entries(VALUES) as [GrowthAxis, readonly number[]][]) {
        // Runs the processes of one axis at a time: more would not fit into memory.
        const measured = await measureSteps(
          values.map(() => entry),
          values.map((value) => ({ ...settings, [axis]: value })),
          rounds,
        );
        results.push(...measured.map((result, i) => ({ ...result, axis, value: values[i] as number })));
      }
    }
    return { command: 'growth', results };
  },
};
