/**
 * Identifies an error for programs; the message is for people.
 *
 * - `INVALID_OPTION`: an option is missing, of the wrong type, or out of range
 * - `INVALID_SHAPE`: array lengths do not match each other or the options
 * - `INVALID_LABEL`: a class label that is not an integer in [0, classes)
 * - `NON_FINITE`: a NaN or infinity where a finite number is required
 */
export type MetricsErrorCode = 'INVALID_OPTION' | 'INVALID_SHAPE' | 'INVALID_LABEL' | 'NON_FINITE';

/** The error of this package: a stable `code`, and a message that says what to do. */
export class MetricsError extends Error {
  override readonly name = 'MetricsError';

  /**
   * @param code identifies the error for programs
   * @param message names the function, what was expected, what was found, and what to do
   * @param options `cause`: the underlying error, if any
   */
  constructor(
    readonly code: MetricsErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}
