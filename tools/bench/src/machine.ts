import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { arch, availableParallelism, cpus, loadavg, platform, release, totalmem } from 'node:os';

/** The machine of a run. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  /** Runnable processes in the minute before the run (load average): above about 0.3, the machine was not quiet. */
  readonly load: number;
  /** By name: node, the packages that matter, and this repository's commit. */
  readonly versions: Readonly<Record<string, string>>;
}

const packageRequire = createRequire(import.meta.url);

export function describeMachine(): Machine {
  const version = (name: string) => (packageRequire(`${name}/package.json`) as { version: string }).version;
  const packages = ['@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-wasm', '@taggerjs/backend-wasm'];
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()} ${arch()}`,
    load: Math.round(100 * (loadavg()[0] as number)) / 100,
    versions: {
      node: process.version,
      v8: process.versions.v8,
      ...Object.fromEntries(packages.map((name) => [name, version(name)])),
      commit: commit(),
    },
  };
}

function commit(): string {
  try {
    const git = (...args: string[]) => execFileSync('git', args, { cwd: import.meta.dirname, encoding: 'utf8' }).trim();
    return (
      git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain', '--untracked-files=no') ? ' + changes' : '')
    );
  } catch {
    return 'unknown';
  }
}
