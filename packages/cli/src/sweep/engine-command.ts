import { execFile } from 'node:child_process';

import { CliError } from '../errors';

/**
 * Runs a command of an engine, such as `sbatch`.
 *
 * @returns its standard output
 * @throws CliError `ENGINE` if the command is not installed, fails, or takes longer than two minutes
 */
export function engineCommand(command: string, args: readonly string[]): Promise<string> {
  return new Promise((done, fail) => {
    execFile(command, [...args], { timeout: 120_000, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      if (error === null) return done(stdout);
      const absent = (error as NodeJS.ErrnoException).code === 'ENOENT';
      const reason = stderr.trim() || (error.killed ? 'no answer for two minutes' : error.message);
      const message = absent
        ? `\`${command}\` is not installed here. Run this on a machine of the cluster, or write the job with --dry-run and ` +
          'submit it there.'
        : `\`${command}\` failed: ${reason}`;
      fail(new CliError('ENGINE', message, { cause: error }));
    });
  });
}
