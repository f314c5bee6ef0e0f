/**
 * Identifies an error for programs; the message is for people.
 *
 * - `INVALID_OPTION`: an option is missing, has the wrong type, or is out of range
 * - `INVALID_DATA`: arrays do not match, have the wrong type, or contain numbers that are not finite
 * - `INVALID_INDEX`: the dataset has no example with this index
 * - `UNREADABLE_FILE`: a file does not exist or cannot be read
 * - `TRUNCATED_FILE`: a file ends too early
 * - `INVALID_FILE`: a file is damaged or has another format
 * - `UNSUPPORTED_FILE`: a file seems valid, but its format or variant is not supported
 * - `TOO_LARGE`: the data of a file would take more memory than `maxBytes`
 */
export type DatasetErrorCode =
  | 'INVALID_OPTION'
  | 'INVALID_DATA'
  | 'INVALID_INDEX'
  | 'UNREADABLE_FILE'
  | 'TRUNCATED_FILE'
  | 'INVALID_FILE'
  | 'UNSUPPORTED_FILE'
  | 'TOO_LARGE';

/** The error of this package: a stable `code`, and a message that says what was expected, what was found and what to do. */
export class DatasetError extends Error {
  override readonly name = 'DatasetError';

  /**
   * @param code identifies the error for programs
   * @param message names the function, what was expected, what was found, and what to do
   * @param options `cause`: the underlying error, if any
   */
  constructor(
    readonly code: DatasetErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/** An error about a file, whose message names the file, the place in it and the reason. */
export function fileError(
  code: DatasetErrorCode,
  where: { readonly file: string; readonly place?: string },
  reason: string,
  options?: { cause?: unknown },
): DatasetError {
  const place = where.place === undefined ? '' : `, ${where.place}`;
  return new DatasetError(code, `${where.file}${place}: ${reason}`, options);
}

/** The message of an error without its final period. */
export function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
}
