import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import type { StepSettings } from '../step-settings';
import { LineProcess } from './line-process';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

/** The interpreter that `npm run setup:peers` installs. */
export const PYTHON = path('../../../../node_modules/.cache/peers/bin/python');

/** Other implementations of the model, each with the arguments that start it. */
export const PEERS: Readonly<Record<string, readonly string[]>> = {
  torch: ['torch_peer.py'],
  'torch-bfloat16': ['torch_peer.py', '--precision', 'bfloat16'],
  'torch-bfloat16-compiled': ['torch_peer.py', '--precision', 'bfloat16', '--mode', 'compiled'],
  jax: ['jax_peer.py'],
};

/** An implementation of the model, with a number of threads. */
export interface Variant {
  readonly name: string;
  readonly threads: number;
}

/** The task of a variant's process. Peers only run steps. */
export type Workload = 'step' | 'operation' | 'product' | 'profile';

/**
 * Reads `relaxed:2,torch:2`: variants and their threads.
 *
 * @throws RangeError if a part has another form
 */
export function readVariants(text: string): Variant[] {
  return text.split(',').map((part) => {
    const [, name, threads] = /^([\w-]+):([1-9]\d*)$/.exec(part) ?? [];
    if (name === undefined)
      throw new RangeError(`--variants must be like relaxed:2,torch:2 (name:threads), not '${part}'.`);
    return { name, threads: Number(threads) };
  });
}

/** Starts a variant in a separate process. */
export function startVariant(variant: Variant, workload: Workload, settings: StepSettings): Promise<LineProcess> {
  const { name, threads } = variant;
  const options = ['--settings', JSON.stringify(settings), '--threads', String(threads)];
  const peer = PEERS[name];
  if (peer === undefined) {
    const script = path('../workloads/variant-process.ts');
    const args = [...process.execArgv, script, '--variant', name, '--workload', workload, ...options];
    return LineProcess.start(`${name}:${threads}`, process.execPath, args);
  }
  if (!existsSync(PYTHON)) throw new RangeError(`The peer ${name} is not installed. Run \`npm run setup:peers\`.`);
  const [script, ...args] = peer;
  return LineProcess.start(`${name}:${threads}`, PYTHON, [path(`../../peer/${script}`), ...args, ...options]);
}

/** Calls a function with processes of all variants, and always ends them. */
export async function withVariants<T>(
  starts: readonly (readonly [variant: Variant, workload: Workload, settings: StepSettings])[],
  use: (processes: readonly LineProcess[]) => Promise<T>,
): Promise<T> {
  const processes: LineProcess[] = [];
  try {
    for (const start of starts) processes.push(await startVariant(...start));
    return await use(processes);
  } finally {
    await Promise.all(processes.map((process) => process.end()));
  }
}
