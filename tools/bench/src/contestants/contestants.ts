import { fileURLToPath } from 'node:url';

import { writeSettings, type StepSettings } from '../step-settings';
import { VARIANTS, type VariantName } from '../variants';
import { LineProcess } from './line-process';

/** A contestant: one of our variants or a peer, with a number of threads. */
export interface Entry {
  readonly name: string;
  readonly threads: number;
  /** The command of a peer. */
  readonly peer?: string;
}

/** Reads `relaxed:2,naive:2`: variants and their threads. */
export function readVariants(text: string): Entry[] {
  return text.split(',').map((part) => {
    const [name = '', threads = '1', ...rest] = part.split(':');
    if (!(name in VARIANTS) || !(Number(threads) >= 1) || rest.length > 0) {
      const known = Object.keys(VARIANTS).join(', ');
      throw new RangeError(`a variant is written as name:threads, with a name of ${known}; got '${part}'`);
    }
    return { name, threads: Number(threads) };
  });
}

/** Peers by their commands, each with the largest number of threads of a variant, or with the requested ones. */
export function readPeers(
  commands: readonly string[],
  threads: string | undefined,
  variants: readonly Entry[],
): Entry[] {
  const counts = threads?.split(',').map(Number) ?? [Math.max(...variants.map((variant) => variant.threads))];
  return commands.flatMap((peer, i) =>
    counts.map((count) => ({ name: commands.length === 1 ? 'peer' : `peer ${i + 1}`, threads: count, peer })),
  );
}

/** The task of a variant's process. */
export type Workload = 'step' | 'operation' | 'product' | 'profile' | 'bandwidth';

/** Starts an entry in a separate process. */
export function startEntry(
  { name, threads, peer }: Entry,
  workload: Workload,
  settings: StepSettings,
): Promise<LineProcess> {
  const args = [...writeSettings(settings), '--threads', String(threads)];
  if (peer !== undefined) return LineProcess.start(name, { shell: `${peer} ${args.join(' ')}` });
  const script = fileURLToPath(new URL('./variant-process.ts', import.meta.url));
  return LineProcess.start(`${name}:${threads}`, {
    program: process.execPath,
    args: [
      ...process.execArgv,
      script,
      '--variant',
      name satisfies string as VariantName,
      '--workload',
      workload,
      ...args,
    ],
  });
}

/** Calls a function with processes of all entries, and always ends them. */
export async function withEntries<T>(
  entries: readonly Entry[],
  workload: Workload,
  settings: StepSettings | readonly StepSettings[],
  use: (processes: readonly LineProcess[]) => Promise<T>,
): Promise<T> {
  const processes: LineProcess[] = [];
  try {
    for (const [i, entry] of entries.entries()) {
      processes.push(await startEntry(entry, workload, Array.isArray(settings) ? settings[i] : settings));
    }
    return await use(processes);
  } finally {
    await Promise.all(processes.map((process) => process.end()));
  }
}
