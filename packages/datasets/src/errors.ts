/**
 * What went wrong, as a stable word for programs; the message is for people.
 *
 * - `INVALID_OPTION`: an option is missing, of the wrong type, or out of its range
 * - `INVALID_DATA`: the data do not fit together: a length, a type, a number that is not finite
 * - `INVALID_INDEX`: an example was asked for that the dataset does not have
 * - `UNREADABLE_FILE`: a file is not there, or the system does not let it be read
 * - `TRUNCATED_FILE`: a file ends before it should
 * - `INVALID_FILE`: a file is damaged, or not what it has to be
 * - `UNSUPPORTED_FILE`: a file is sound, as far as can be told, but of a kind that is not read here
 * - `TOO_LARGE`: a file's data would take more memory than allowed
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

/** An error about a file: names it, the place in it, and what is wrong there. */
export function fileError(
  code: DatasetErrorCode,
  where: { readonly file: string; readonly place?: string },
  reason: string,
  options?: { cause?: unknown },
): DatasetError {
  const place = where.place === undefined ? '' : `, ${where.place}`;
  return new DatasetError(code, `${where.file}${place}: ${reason}`, options);
}

/** What an error says, without the period at its end. */
export function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
}
