/**
 * Identifies an error for programs; the message is for people.
 *
 * - `INVALID_OPTION`: an option is missing, of the wrong type, or out of range
 * - `INVALID_SHAPE`: an array does not have the length that the shape requires
 * - `NON_FINITE`: a value to draw is NaN or infinite
 * - `INVALID_SVG`: the text to render is not an SVG document with a size
 * - `NO_CANVAS`: the canvas library or the font for PNG cannot be loaded
 */
export type VizErrorCode = 'INVALID_OPTION' | 'INVALID_SHAPE' | 'NON_FINITE' | 'INVALID_SVG' | 'NO_CANVAS';

/** An error of this package. It has a stable `code`, and its message says how to fix the problem. */
export class VizError extends Error {
  override readonly name = 'VizError';

  /**
   * @param code identifies the error for programs
   * @param message names the function, what was expected, what was found, and what to do
   * @param options `cause`: the underlying error, if any
   */
  constructor(
    readonly code: VizErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}
