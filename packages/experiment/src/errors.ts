/**
 * Stable codes of the errors of this package.
 *
 * - `INVALID_OPTION`: an option or a value of the recipe is wrong; nothing was done
 * - `INPUT`: a data or model file has invalid contents
 * - `FILE`: a file or folder cannot be read or written
 * - `RUN_FOLDER`: a folder is not a run, already contains one, is in use, or its run cannot continue
 * - `LOCK_LOST`: another process has taken the folder over, because this one was suspended or could not reach it
 */
export type ExperimentErrorCode = 'INVALID_OPTION' | 'INPUT' | 'FILE' | 'RUN_FOLDER' | 'LOCK_LOST';

/** An error of an experiment. Its message says what is wrong and how to fix it. */
export class ExperimentError extends Error {
  override readonly name = 'ExperimentError';

  /**
   * @param code identifies the error for programs
   * @param message what is wrong, then what to do
   * @param options `cause`: the underlying error, if there is one
   */
  constructor(
    readonly code: ExperimentErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}
