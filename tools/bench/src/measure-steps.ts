import { withEntries, type Entry } from './contestants/contestants';
import { interleave, type Rounds } from './contestants/interleave';
import type { LineProcess, Reply } from './contestants/line-process';
import type { StepResult } from './run';
import type { StepSettings } from './step-settings';

/** Measures steps of entries in turn; each entry may have its own settings. */
export async function measureSteps(
  entries: readonly Entry[],
  settings: StepSettings | readonly StepSettings[],
  rounds: Rounds,
): Promise<StepResult[]> {
  return withEntries(entries, 'step', settings, async (processes) => {
    const replies = await interleave(processes, 'step', rounds);
    return entries.map((entry, i) => stepResult(entry, processes[i] as LineProcess, replies[i] ?? []));
  });
}

/** Summarizes a contestant's replies. */
export function stepResult(
  { name, threads }: Entry,
  { description }: { readonly description: string },
  replies: readonly (Reply | null)[],
): StepResult {
  const largest = (key: 'peakRssMiB' | 'wasmHeapMiB') => {
    const values = replies.flatMap((reply) => reply?.[key] ?? []);
    return values.length === 0 ? null : Math.round(Math.max(...values));
  };
  const milliseconds = replies.map((reply) => (reply === null ? null : round(reply.milliseconds)));
  return {
    name,
    threads,
    description,
    milliseconds,
    peakRssMiB: largest('peakRssMiB'),
    wasmHeapMiB: largest('wasmHeapMiB'),
  };
}

/** Rounds to a microsecond. */
export function round(milliseconds: number): number {
  return Math.round(1e3 * milliseconds) / 1e3;
}
