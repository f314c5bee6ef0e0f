import { interleave } from '../contestants/interleave';
import type { Reply } from '../contestants/line-process';
import { isPeer, withVariants, type Variant } from '../contestants/start-variant';
import { matmulFlops, weightBytes } from '../matmul-flops';
import { byRound, median, medianRatio, type ByRound } from '../median';
import { figure, markdownTable, range } from '../report/markdown-table';
import type { StepSettings } from '../step-settings';
import type { Conditions, Measurement, Run } from './measurement';

/** A variant's steps. */
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
  /** By number of threads: what the variants cannot beat. See `boundWorkload`. */
  readonly bounds: readonly { readonly threads: number; readonly milliseconds: ByRound }[];
}

export const steps: Measurement<StepResults> = {
  summary: 'training steps by variant',
  title: 'A training step',
  defaults: { variants: 'relaxed:2,relaxed:1,tensorflow:2', rounds: 9 },
  measure: measureSteps,
  section: stepsSection,
};

export const inference: Measurement<StepResults> = {
  summary: 'grouping one input in five iterations, by variant',
  title: 'Inference of one input',
  defaults: {
    variants: 'relaxed:2,relaxed:1,tensorflow:2',
    rounds: 21,
    settings: { task: 'inference', batch: 1, iterations: 5 },
  },
  measure: measureSteps,
  section: stepsSection,
};

async function measureSteps({ variants, settings, rounds }: Conditions): Promise<StepResults> {
  // WebAssembly's bounds.
  const threadCounts = [...new Set(variants.filter((one) => !isPeer(one)).map(({ threads }) => threads))];
  const bounds = threadCounts.map((threads) => ({ name: 'relaxed', threads }));
  const starts = [
    ...variants.map((variant) => [variant, 'step', settings] as const),
    ...bounds.map((bound) => [bound, 'bound', settings] as const),
  ];
  return withVariants(starts, async (processes) => {
    const replies = await interleave(processes, 'step', rounds);
    return {
      results: variants.map((variant, i) => stepResult(variant, processes[i]?.description, replies[i])),
      bounds: threadCounts.map((threads, i) => ({
        threads,
        milliseconds: byRound(replies[variants.length + i], (reply) => reply.milliseconds),
      })),
    };
  });
}

/** Summarizes a variant's replies. */
export function stepResult(variant: Variant, description = '', replies: readonly (Reply | null)[] = []): StepResult {
  const largest = (key: 'peakRssMiB' | 'wasmHeapMiB') => {
    const values = replies.flatMap((reply) => reply?.[key] ?? []);
    return values.length === 0 ? null : Math.round(Math.max(...values));
  };
  return {
    ...variant,
    description,
    milliseconds: byRound(replies, (reply) => reply.milliseconds),
    peakRssMiB: largest('peakRssMiB'),
    wasmHeapMiB: largest('wasmHeapMiB'),
  };
}

function stepsSection({ settings, results, bounds }: Run<StepResults>): string {
  const [first] = results;
  const rows = results.map((result) => {
    const bound = bounds.find(({ threads }) => threads === result.threads)?.milliseconds ?? [];
    return {
      variant: result.name,
      threads: String(result.threads),
      ms: figure(median(result.milliseconds)),
      range: range(result.milliseconds),
      'first / this': figure(medianRatio(first?.milliseconds ?? [], result.milliseconds)),
      'this / bound': figure(medianRatio(result.milliseconds, bound)),
      ...speedAndMemory(result, settings),
    };
  });
  const described = new Map(results.map(({ name, description }) => [name, description]));
  const descriptions = [...described].map(([name, description]) => `- ${name}: ${description}\n`).join('');
  return `${markdownTable(rows)}\n${descriptions}\n${boundsText(bounds, settings)}`;
}

/** The last columns of a table of steps. */
export function speedAndMemory({ milliseconds, peakRssMiB, wasmHeapMiB }: StepResult, settings: StepSettings) {
  return {
    'GFLOP/s': figure(matmulFlops(settings) / median(milliseconds) / 1e6),
    'peak RSS, MiB': String(peakRssMiB ?? '–'),
    'WASM heap, MiB': String(wasmHeapMiB ?? '–'),
  };
}

function boundsText(bounds: StepResults['bounds'], settings: StepSettings): string {
  const times = bounds.map(({ threads, milliseconds }) => {
    const time = median(milliseconds);
    const rate =
      settings.task === 'training'
        ? `${figure(matmulFlops(settings) / time / threads / 1e6)} GFLOP/s for each thread`
        : `${figure((settings.iterations * weightBytes(settings)) / time / 1e6)} GB/s`;
    return `${figure(time)} ms with ${threads} thread${threads === 1 ? '' : 's'} (${rate})`;
  });
  if (times.length === 0) return '';
  return settings.task === 'training'
    ? "The bound is WebAssembly's: the matrix products at the peak of 128-bit multiply-adds, measured in the same rounds: " +
        `${times.join(', ')}.\n`
    : `The bound is reading the weights, ${figure(weightBytes(settings) / 2 ** 20)} MiB, in each of the ` +
        `${settings.iterations} iterations: ${times.join(', ')}.\n`;
}
