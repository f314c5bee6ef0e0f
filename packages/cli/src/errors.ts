/**
 * Stable codes of the errors of the command line.
 *
 * - `USAGE`: a mistake in the command line or a recipe; nothing was done
 * - `RUN_FOLDER`: a folder is not a run, already contains one, or its training has not ended
 * - `FILE`: a file or folder cannot be read or written
 * - `INPUT`: an image or array does not fit the model
 * - `ENGINE`: Slurm or Kubernetes is absent, or refuses a job
 * - `NO_ANSWER`: Slurm or Kubernetes did not answer, so it may have accepted the job
 */
export type CliErrorCode = 'USAGE' | 'RUN_FOLDER' | 'FILE' | 'INPUT' | 'ENGINE' | 'NO_ANSWER';

/** An error of the command line. Its message says what is wrong and how to fix it. */
export class CliError extends Error {
  override readonly name = 'CliError';

  /**
   * @param code identifies the error for programs
   * @param message what is wrong, then what to do
   * @param options `cause`: the underlying error, if any
   */
  constructor(
    readonly code: CliErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/** Exit codes of `tagger`. */
export const EXIT_CODES = {
  /** Success. */
  ok: 0,
  /** Failure; the message says why. */
  failed: 1,
  /** A mistake in the command line or a recipe; nothing was done. */
  usage: 2,
  /** Stopped by Ctrl-C, with the progress saved. */
  interrupted: 130,
  /** Stopped by SIGTERM, with the progress saved. */
  terminated: 143,
} as const;
