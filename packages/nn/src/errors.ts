/**
 * What went wrong, as a stable word for programs; the message is for people.
 *
 * - `INVALID_OPTION`: an option is missing, of the wrong type, or out of its range
 * - `INVALID_SHAPE`: a tensor's shape or dtype is not what the operation takes
 * - `UNKNOWN_TYPE`: a configuration names a component that nobody registered
 * - `PARAMETER_MISMATCH`: a parameter is missing, unexpected, or of another shape
 * - `NOT_CALIBRATED`: batch statistics were asked for before they were calibrated
 * - `DUPLICATE_TFJS`: two copies of `@tensorflow/tfjs-core` are loaded in one process
 * - `NO_BACKEND`: no TensorFlow.js backend is set up, or the one named cannot be
 * - `NOT_INSTALLED`: an optional package is missing; the message has the command that installs it
 * - `BACKEND_FAILED`: a backend's device failed, or cannot do what was asked of it
 * - `DISPOSED`: a model was used after `dispose()`
 * - `INVALID_FILE`: a file is not what it should be
 * - `UNSUPPORTED_VERSION`: a file is sound, but of a version of its format that this release does not read
 * - `NON_FINITE`: a cost or a gradient is NaN or infinite
 * - `NO_GRADIENT`: TensorFlow.js has no gradient of an operation
 */
export type TaggerErrorCode =
  | 'INVALID_OPTION'
  | 'INVALID_SHAPE'
  | 'UNKNOWN_TYPE'
  | 'PARAMETER_MISMATCH'
  | 'NOT_CALIBRATED'
  | 'DUPLICATE_TFJS'
  | 'NO_BACKEND'
  | 'NOT_INSTALLED'
  | 'BACKEND_FAILED'
  | 'DISPOSED'
  | 'INVALID_FILE'
  | 'UNSUPPORTED_VERSION'
  | 'NON_FINITE'
  | 'NO_GRADIENT';

/** The error that every package from `nn` upwards throws: a stable `code`, and a message that says what to do. */
export class TaggerError extends Error {
  override readonly name = 'TaggerError';

  /**
   * @param code the stable word for programs
   * @param message names the operation, what was expected, what came, and what to do
   * @param options `cause`: the error underneath, where there is one
   */
  constructor(
    readonly code: TaggerErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}
