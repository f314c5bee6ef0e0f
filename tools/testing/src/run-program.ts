import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** How a program ended. */
export interface ProgramEnd {
  /** Exit status; null if a signal ended it. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const workspace = fileURLToPath(new URL('../../..', import.meta.url));

/** How a program is run. */
export interface ProgramOptions {
  /** The Node to run it. @default this one */
  readonly node?: string;
  /** Environment variables to add. @default none */
  readonly env?: NodeJS.ProcessEnv;
  /** Kill it after this many seconds. @default 30 */
  readonly seconds?: number;
}

/**
 * Runs a program, the text of an ES module, in a separate Node process, with this workspace's packages from their
 * sources. A program that does not exit in time is killed: its status is null.
 */
export function runProgram(
  source: string,
  { node = process.execPath, env = {}, seconds = 30 }: ProgramOptions = {},
): Promise<ProgramEnd> {
  const flags = ['--import', 'tsx', '--conditions=@taggerjs/source', '--input-type=module', '--eval', source];
  return new Promise((resolve) => {
    const child = execFile(
      node,
      flags,
      { cwd: workspace, timeout: seconds * 1000, killSignal: 'SIGKILL', env: { ...process.env, ...env } },
      (_error, stdout, stderr) => resolve({ status: child.exitCode, stdout, stderr }),
    );
  });
}

/** Runs a program that must exit with status 0 and print one line of JSON. Returns the parsed line. */
export async function runForJson<T>(source: string): Promise<T> {
  const end = await runProgram(source);
  if (end.status !== 0) throw new Error(`the program ended with status ${end.status}: ${end.stdout}\n${end.stderr}`);
  return JSON.parse(end.stdout) as T;
}
