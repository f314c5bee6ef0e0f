import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** How a program ended. */
export interface ProgramEnd {
  /** Exit status; null where a signal ended it. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const packageFolder = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Runs a program, the text of an ES module, in a Node process of its own, with this workspace's packages from their
 * sources. A program that does not exit by itself is killed after 200 s: its status is null.
 */
export function runProgram(
  source: string,
  { node = process.execPath, env = {} }: { readonly node?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<ProgramEnd> {
  const flags = ['--import', 'tsx', '--conditions=@taggerjs/source', '--input-type=module', '--eval', source];
  return new Promise((resolve) => {
    const child = execFile(
      node,
      flags,
      { cwd: packageFolder, timeout: 200_000, killSignal: 'SIGKILL', env: { ...process.env, ...env } },
      (_error, stdout, stderr) => resolve({ status: child.exitCode, stdout, stderr }),
    );
  });
}
