/**
 * What went wrong, as a stable word for programs; the message is for people.
 *
 * - `INVALID_OPTION`: an option is missing, of the wrong type, or out of its range
 * - `INVALID_DATA`: the data do not fit together: a length, a type, a number that is not finite
 * - `INVALID_INDEX`: an example was asked for that the dataset does not have
 */
export type DatasetErrorCode = 'INVALID_OPTION' | 'INVALID_DATA' | 'INVALID_INDEX';

/** The error this package throws: a stable `code`, and a message that says what was expected, what came, what to do. */
export class DatasetError extends Error {
  override readonly name = 'DatasetError';

  /**
   * @param code the stable word for programs
   * @param message names the function, what was expected, what came, and what to do
   * @param options `cause`: the error underneath, where there is one
   */
  constructor(
    readonly code: DatasetErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}
