/**
 * What went wrong on the command line, as a stable word.
 *
 * - `USAGE`: the command line or a recipe is wrong; nothing was done
 * - `RUN_FOLDER`: a folder is no run, holds one already, or its training did not end
 * - `FILE`: a file or folder cannot be read or written
 * - `INPUT`: an image or array is not what the model takes
 */
export type CliErrorCode = 'USAGE' | 'RUN_FOLDER' | 'FILE' | 'INPUT';

/** An error of the command line itself: its message says what to write instead. */
export class CliError extends Error {
  override readonly name = 'CliError';

  /**
   * @param code the stable word for programs
   * @param message says what to write instead, or what is missing
   * @param options `cause`: the error underneath, where there is one
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
  /** Done. */
  ok: 0,
  /** Something failed while it ran; the message says what. */
  failed: 1,
  /** The command line, a recipe or an option is wrong; nothing was done. */
  usage: 2,
  /** Ended by Ctrl-C; what was reached is saved. */
  interrupted: 130,
  /** Ended by SIGTERM; what was reached is saved. */
  terminated: 143,
} as const;
