import { median } from '../median';
import { figure, markdownTable } from '../report/markdown-table';
import type { Measurement } from './measurement';
import { measureSteps, speedAndMemory, type StepResult } from './steps';

/** The values to try on each axis, groups, iterations, batch or elements of an input; the rest is as in the settings. */
const AXES = {
  groups: { symbol: 'K', values: [1, 2, 4, 8] },
  iterations: { symbol: 'T', values: [1, 2, 3, 5] },
  batch: { symbol: 'B', values: [25, 50, 100, 200] },
  inputSize: { symbol: 'N', values: [100, 400, 784, 1600] },
} as const;

type Axis = keyof typeof AXES;

export const growth: Measurement<{
  readonly results: readonly (StepResult & { readonly axis: Axis; readonly value: number })[];
}> = {
  summary: 'how time and memory of a step grow with K, T, B and N',
  title: 'Growth',
  defaults: { variants: 'relaxed:2', rounds: 3 },
  async measure({ variants, settings, rounds }) {
    const results = [];
    for (const variant of variants) {
      for (const [axis, { values }] of Object.entries(AXES) as [Axis, (typeof AXES)[Axis]][]) {
        // Runs the processes of one axis at a time: more would not fit into memory.
        const all = values.map((value) => ({ variant, settings: { ...settings, [axis]: value } }));
        const measured = await measureSteps(all, rounds);
        results.push(...measured.map((result, i) => ({ ...result, axis, value: values[i] as number })));
      }
    }
    return { results };
  },
  section: ({ settings, results }) =>
    markdownTable(
      results.map((result) => ({
        size: `${AXES[result.axis].symbol} = ${result.value}`,
        variant: result.name,
        threads: String(result.threads),
        ms: figure(median(result.milliseconds)),
        ...speedAndMemory(result, { ...settings, [result.axis]: result.value }),
      })),
    ),
};
