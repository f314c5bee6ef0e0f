/**
 * A stable code for programs. The message is for people.
 *
 * - `INVALID_OPTION`: an argument is missing, of the wrong type, or out of its range
 * - `INVALID_STATE`: a stream's JSON is not one that this version can continue
 */
export type RandomErrorCode = 'INVALID_OPTION' | 'INVALID_STATE';

/** The error this package throws: a stable `code`, and a message that says what to do. */
export class RandomError extends Error {
  override readonly name = 'RandomError';

  /**
   * @param code the stable code for programs
   * @param message says which function failed, why, and what to do
   * @param options `cause`: the underlying error, if any
   */
  constructor(
    readonly code: RandomErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}
