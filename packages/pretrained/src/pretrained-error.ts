/**
 * Stable codes of the errors of this package.
 *
 * - `UNKNOWN_MODEL`: no pretrained model has this name
 * - `FETCH_FAILED`: the weights cannot be read or fetched
 * - `DAMAGED_FILE`: the weights do not have the size and checksum of the model card
 */
export type PretrainedErrorCode = 'UNKNOWN_MODEL' | 'FETCH_FAILED' | 'DAMAGED_FILE';

/** An error of a pretrained model. Its message says what is wrong and how to fix it. */
export class PretrainedError extends Error {
  override readonly name = 'PretrainedError';

  /**
   * @param code identifies the error for programs
   * @param message what is wrong, then what to do
   * @param options `cause`: the underlying error, if there is one
   */
  constructor(
    readonly code: PretrainedErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}
