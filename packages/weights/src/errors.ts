/**
 * What went wrong, as a stable word for programs; the message is for people.
 *
 * - `TRUNCATED`: the file ends before its header or its data do
 * - `INVALID_HEADER`: the header is too long, no UTF-8, no JSON of the form it has to have, or names something twice
 * - `INVALID_TENSOR`: a tensor's dtype, shape, offsets and data do not fit each other
 * - `INVALID_LAYOUT`: tensors overlap, leave gaps, or do not fill the file
 * - `UNSUPPORTED_DTYPE`: a tensor is of a dtype this package does not know
 * - `INVALID_ARCHIVE`: a file of several arrays is damaged, or not what its directory says
 * - `FILE`: a file or folder cannot be written (`cause`)
 * - `INVALID_OPTION`: an argument is not what the function takes
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

/** The error this package throws: a stable `code`, and a message that says what to do. */
export class WeightsError extends Error {
  override readonly name = 'WeightsError';

  /**
   * @param code the stable word for programs
   * @param message names the function, what was expected, what came, and what to do
   * @param options `cause`: the error underneath, where there is one
   */
  constructor(
    readonly code: WeightsErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}
