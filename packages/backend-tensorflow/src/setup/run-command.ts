import { execFile } from 'node:child_process';

import { TaggerError } from '@taggerjs/nn';

/** How to run a command. */
export interface CommandOptions {
  readonly cwd?: string;
  /** Ends the command. */
  readonly signal?: AbortSignal | undefined;
  /** What to do if the command is missing or fails, for the error. */
  readonly advice: string;
}

/**
 * Runs a command without a shell, and returns its standard output.
 *
 * @throws TaggerError `NO_BACKEND` with the end of its output, and the advice
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
      const what =
        code === 'ENOENT' ? 'is not installed. ' : printed === '' ? `${failed}. ` : `${failed}:\n${printed}\n`;
      reject(new TaggerError('NO_BACKEND', `The command ${command} ${what}${advice}`.trim(), { cause: error }));
    });
  });
}
