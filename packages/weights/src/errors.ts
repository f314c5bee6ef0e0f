/**
 * Identifies an error for programs; the message is for people.
 *
 * - `TRUNCATED`: the file ends within its header or data
 * - `INVALID_HEADER`: the header is too long, not UTF-8, not the required JSON, or has a name twice
 * - `INVALID_TENSOR`: a tensor's dtype, shape, offsets and data do not match
 * - `INVALID_LAYOUT`: tensors overlap, leave gaps, or do not fill the file
 * - `UNSUPPORTED_DTYPE`: a tensor has an unknown dtype
 * - `INVALID_ARCHIVE`: an archive is damaged, too large, or does not match its directory
 * - `FILE`: a file or folder cannot be read or written (`cause`)
 * - `INVALID_OPTION`: an argument is invalid
 */
export type WeightsErrorCode =
  | 'TRUNCATED'
  | 'INVALID_HEADER'
  | 'INVALID_TENSOR'
  | 'INVALID_LAYOUT'
  | 'UNSUPPORTED_DTYPE'
  | 'INVALID_ARCHIVE'
  | 'FILE'
  | 'INVALID_OPTION';

/** The error of this package: a stable `code`, and a message that says what to do. */
export class WeightsError extends Error {
  override readonly name = 'WeightsError';

  /**
   * @param code identifies the error for programs
   * @param message names the function, what was expected, what was found, and what to do
   * @param options `cause`: the underlying error, if any
   */
  constructor(
    readonly code: WeightsErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}
