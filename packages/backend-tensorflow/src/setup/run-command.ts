import { execFile } from 'node:child_process';

import { TaggerError } from '@taggerjs/nn';

/** How a command is run. */
export interface CommandOptions {
  readonly cwd?: string;
  /** Ends the command. */
  readonly signal?: AbortSignal | undefined;
  /** What to do where the command is not there or fails, for the error. */
  readonly advice: string;
}

/**
 * Runs a command to its end, without a shell, and gives what it printed to standard output.
 *
 * @throws TaggerError `NO_BACKEND` with the end of what it printed, and the advice
 */
export function runCommand(
  command: string,
  args: readonly string[],
  { cwd, signal, advice }: CommandOptions,
): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(command, args, { cwd, signal, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      if (error === null) return resolve(stdout);
      if (signal?.aborted) return reject(signal.reason);
      const code: unknown = error.code;
      const printed = `${stdout.trim()}\n${stderr.trim()}`.trim().split('\n').slice(-15).join('\n');
      const failed = `failed (${String(code ?? error.signal)})`;
      const what = code === 'ENOENT' ? 'is not there. ' : printed === '' ? `${failed}. ` : `${failed}:\n${printed}\n`;
      reject(new TaggerError('NO_BACKEND', `The command ${command} ${what}${advice}`.trim(), { cause: error }));
    });
  });
}
