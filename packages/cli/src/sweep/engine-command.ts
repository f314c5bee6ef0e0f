import { execFile } from 'node:child_process';

import { CliError } from '../errors';

/** What engines print if they have lost the connection: the request may have arrived. */
const NO_ANSWER = /timed? ?out|deadline exceeded|connection (was )?(reset|lost)|receive failure|zero bytes|\bEOF\b/i;

/**
 * Runs a command of an engine, such as `sbatch`.
 *
 * @param options `submits`: whether the command submits a job; `timeout`: milliseconds to wait, default two minutes
 * @returns its standard output
 * @throws CliError `ENGINE` if the command is not installed, fails, or does not end in time; `NO_ANSWER` instead if it submits a job
 *   and does not end in time, is killed, or gets no answer. The engine may then have accepted the job
 */
export function engineCommand(
  command: string,
  args: readonly string[],
  { submits = false, timeout = 120_000 }: { readonly submits?: boolean; readonly timeout?: number } = {},
): Promise<string> {
  return new Promise((done, fail) => {
    execFile(command, [...args], { timeout, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      if (error === null) return done(stdout);
      const absent = (error as NodeJS.ErrnoException).code === 'ENOENT';
      const reason = stderr.trim() || (error.killed ? `no answer for ${timeout / 1000} seconds` : error.message);
      const message = absent
        ? `\`${command}\` is not installed here. Run this on a machine of the cluster, or only plan, with --dry-run.`
        : `\`${command}\` failed: ${reason}`;
      const unanswered = error.killed === true || typeof error.signal === 'string' || NO_ANSWER.test(stderr);
      fail(new CliError(submits && unanswered ? 'NO_ANSWER' : 'ENGINE', message, { cause: error }));
    });
  });
}
