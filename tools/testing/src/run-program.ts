import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** How a program ended. */
export interface ProgramEnd {
  /** Exit status; null where a signal ended it. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const workspace = fileURLToPath(new URL('../../..', import.meta.url));

/**
 * Runs a program, the text of an ES module, in a Node process of its own, with this workspace's packages from their
 * sources. A program that does not exit by itself is killed after 30 s: its status is null.
 */
export function runProgram(source: string): Promise<ProgramEnd> {
  const flags = ['--import', 'tsx', '--conditions=@taggerjs/source', '--input-type=module', '--eval', source];
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      flags,
      { cwd: workspace, timeout: 30_000, killSignal: 'SIGKILL' },
      (_error, stdout, stderr) => resolve({ status: child.exitCode, stdout, stderr }),
    );
  });
}

/** Runs a program that must end well and print one line of JSON, and gives what it printed. */
export async function runForJson<T>(source: string): Promise<T> {
  const end = await runProgram(source);
  if (end.status !== 0) throw new Error(`the program ended with status ${end.status}: ${end.stdout}\n${end.stderr}`);
  return JSON.parse(end.stdout) as T;
}
