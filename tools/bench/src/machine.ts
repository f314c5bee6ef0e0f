import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, availableParallelism, cpus, loadavg, platform, release, totalmem } from 'node:os';

/** The machine of a run. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  /** The instructions in {@link INSTRUCTIONS} that the processor has; absent if unknown. */
  readonly instructions?: readonly string[];
  /** Runnable processes in the minute before the run (load average): above about 0.3, the machine was not quiet. */
  readonly load: number;
  /** By name: node, the packages that matter, and this repository's commit. */
  readonly versions: Readonly<Record<string, string>>;
}

/** The instructions that matter, as Linux names them. Without the last two, processors compute bfloat16 in float32. */
const INSTRUCTIONS = ['avx2', 'avx512f', 'avx512_bf16', 'amx_bf16'];

const packageRequire = createRequire(import.meta.url);

export function describeMachine(): Machine {
  const version = (name: string) => (packageRequire(`${name}/package.json`) as { version: string }).version;
  const packages = ['@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-wasm', '@taggerjs/backend-wasm'];
  const instructions = processorInstructions();
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()} ${arch()}`,
    ...(instructions && { instructions }),
    load: Math.round(100 * (loadavg()[0] as number)) / 100,
    versions: {
      node: process.version,
      v8: process.versions.v8,
      ...Object.fromEntries(packages.map((name) => [name, version(name)])),
      commit: commit(),
    },
  };
}

function processorInstructions(): string[] | undefined {
  try {
    const flags = /^flags\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1]?.split(' ');
    return flags && INSTRUCTIONS.filter((name) => flags.includes(name));
  } catch {
    return undefined;
  }
}

/** The machine for people, with its support of bfloat16. */
export function machineText({ processor, cores, memoryGiB, system, instructions }: Machine): string {
  const text = `${processor}, ${cores} cores, ${memoryGiB} GiB, ${system}`;
  if (instructions === undefined) return text;
  const isFast = instructions.some((name) => name.endsWith('_bf16'));
  return `${text}; ${instructions.join(', ')}${isFast ? '' : '; no instructions for bfloat16, which is therefore slow'}`;
}

function commit(): string {
  const git = (...args: string[]) =>
    spawnSync('git', args, { cwd: import.meta.dirname, encoding: 'utf8' }).stdout?.trim();
  const isChanged = git('status', '--porcelain', '--untracked-files=no') !== '';
  return `${git('rev-parse', '--short', 'HEAD') || 'unknown'}${isChanged ? ' + changes' : ''}`;
}
