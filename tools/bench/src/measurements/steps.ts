import { interleave } from '../contestants/interleave';
import type { Reply } from '../contestants/line-process';
import { withVariants, type Variant } from '../contestants/start-variant';
import { matmulFlops } from '../matmul-flops';
import { byRound, median, medianRatio, type ByRound } from '../median';
import { figure, markdownTable, range } from '../report/markdown-table';
import type { StepSettings } from '../step-settings';
import type { Measurement } from './measurement';

/** A variant's steps, or inferences. */
export interface StepResult extends Variant {
  readonly description: string;
  readonly milliseconds: ByRound;
  /** Largest resident set of its process. */
  readonly peakRssMiB: number | null;
  /** Its WebAssembly heap at the end; null without one. */
  readonly wasmHeapMiB: number | null;
}

/** Steps, or inferences, in turn. */
export interface StepResults {
  readonly results: readonly StepResult[];
}

export const steps: Measurement<StepResults> = {
  summary: 'training steps by variant',
  title: 'A training step',
  defaults: { variants: 'relaxed:2,relaxed:1,tensorflow:2,bound:2', rounds: 9 },
  measure: async ({ variants, settings, rounds }) => ({
    results: await measureSteps(
      variants.map((variant) => ({ variant, settings })),
      rounds,
    ),
  }),
  section: ({ settings, results }) => {
    const [first] = results;
    const firsts = results.filter(({ name }, i) => results.findIndex((other) => other.name === name) === i);
    const descriptions = firsts.map(({ name, description }) => `- ${name}: ${description}\n`).join('');
    const rows = results.map((result) => {
      const bound = results.find(({ name, threads }) => name === 'bound' && threads === result.threads);
      return {
        variant: result.name,
        threads: String(result.threads),
        ms: figure(median(result.milliseconds)),
        range: range(result.milliseconds),
        'first / this': figure(medianRatio(first?.milliseconds ?? [], result.milliseconds)),
        'this / bound': figure(medianRatio(result.milliseconds, bound?.milliseconds ?? [])),
        ...speedAndMemory(result, settings),
      };
    });
    return `${markdownTable(rows)}\n${descriptions}`;
  },
};

export const inference: Measurement<StepResults> = {
  ...steps,
  summary: 'grouping one input in five iterations, by variant',
  title: 'Inference of one input',
  defaults: { ...steps.defaults, rounds: 21, settings: { task: 'inference', batch: 1, iterations: 5 } },
};

/** Measures steps of variants in turn, each with its own settings. */
export async function measureSteps(
  all: readonly { readonly variant: Variant; readonly settings: StepSettings }[],
  rounds: number,
): Promise<StepResult[]> {
  const starts = all.map(({ variant, settings }) => [variant, 'step', settings] as const);
  return withVariants(starts, async (processes) => {
    const replies = await interleave(processes, 'step', rounds);
    return all.map(({ variant }, i) => ({
      ...variant,
      description: processes[i]?.description ?? '',
      milliseconds: byRound(replies[i], (reply) => reply.milliseconds),
      peakRssMiB: largest(replies[i], 'peakRssMiB'),
      wasmHeapMiB: largest(replies[i], 'wasmHeapMiB'),
    }));
  });
}

function largest(replies: readonly (Reply | null)[] = [], key: 'peakRssMiB' | 'wasmHeapMiB'): number | null {
  const values = replies.flatMap((reply) => reply?.[key] ?? []);
  return values.length === 0 ? null : Math.round(Math.max(...values));
}

/** The last columns of a table of steps. */
export function speedAndMemory({ milliseconds, peakRssMiB, wasmHeapMiB }: StepResult, settings: StepSettings) {
  return {
    'GFLOP/s': figure(matmulFlops(settings) / median(milliseconds) / 1e6),
    'peak RSS, MiB': String(peakRssMiB ?? '–'),
    'WASM heap, MiB': String(wasmHeapMiB ?? '–'),
  };
}
