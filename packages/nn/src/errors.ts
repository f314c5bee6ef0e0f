/**
 * A stable code for programs; the message is for people.
 *
 * - `INVALID_OPTION`: an option is missing, unknown, of the wrong type, or out of range
 * - `INVALID_SHAPE`: a tensor's shape or dtype does not fit the operation
 * - `UNKNOWN_TYPE`: a configuration names a component that is not registered
 * - `PARAMETER_MISMATCH`: a tensor of a model is missing, unexpected, or of another shape
 * - `NOT_CALIBRATED`: calibrated batch statistics were requested before calibration
 * - `DUPLICATE_TFJS`: two copies of `@tensorflow/tfjs-core` are loaded in one process
 * - `NO_BACKEND`: no TensorFlow.js backend is set up, or the requested one is unavailable
 * - `NOT_INSTALLED`: an optional package is missing; the message has the command that installs it
 * - `BACKEND_FAILED`: a backend's device failed or lacks a capability
 * - `DISPOSED`: a model was used after `dispose()`
 * - `INVALID_FILE`: a file is damaged or of another format
 * - `UNSUPPORTED_VERSION`: a file has a format version that this release cannot read
 * - `NON_FINITE`: a cost or a gradient is NaN or infinite
 * - `NO_GRADIENT`: TensorFlow.js has no gradient for an operation
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
   * @param code the stable code
   * @param message names the operation, what it expected, what it got, and what to do
   * @param options `cause`: the underlying error, if any
   */
  constructor(
    readonly code: TaggerErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}
