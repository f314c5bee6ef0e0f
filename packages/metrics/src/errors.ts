/**
 * A stable code for programs. The message is for people.
 *
 * - `INVALID_OPTION`: an option is missing, of the wrong type, or out of its range
 * - `INVALID_SHAPE`: arrays whose lengths do not fit each other or the options
 * - `INVALID_LABEL`: a class label that is not an integer in [0, classes)
 * - `NON_FINITE`: a NaN or an infinity where a number is needed
 */
export type MetricsErrorCode = 'INVALID_OPTION' | 'INVALID_SHAPE' | 'INVALID_LABEL' | 'NON_FINITE';

/** The error this package throws: a stable `code`, and a message that says what to do. */
export class MetricsError extends Error {
  override readonly name = 'MetricsError';

  /**
   * @param code the stable code for programs
   * @param message says which function failed, why, and what to do
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
