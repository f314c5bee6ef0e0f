/**
 * What went wrong, as a stable word for programs; the message is for people.
 *
 * - `INVALID_OPTION`: an option is missing, of the wrong type, or out of its range
 * - `INVALID_SHAPE`: an array does not have the length that the shape asks for
 * - `NON_FINITE`: a value to draw is NaN or infinite
 * - `INVALID_SVG`: what should be rendered is not an SVG document with a size
 * - `NO_CANVAS`: the canvas or the font that PNG rendering needs cannot be loaded
 */
export type VizErrorCode = 'INVALID_OPTION' | 'INVALID_SHAPE' | 'NON_FINITE' | 'INVALID_SVG' | 'NO_CANVAS';

/** The error that this package throws: a stable `code`, and a message that says what to do. */
export class VizError extends Error {
  override readonly name = 'VizError';

  /**
   * @param code the stable word for programs
   * @param message names the function, what was expected, what came, and what to do
   * @param options `cause`: the error underneath, where there is one
   */
  constructor(
    readonly code: VizErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}
