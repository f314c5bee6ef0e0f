/** Options of the file decoders. */
export interface DecodeFileOptions {
  /** Name of the file in error messages, such as its path. @default 'the file' */
  readonly name?: string;
  /** Limit of the memory that the data may take, in bytes. @default 2 ** 31 */
  readonly maxBytes?: number;
}

/** The default of `maxBytes`. */
export const MAX_BYTES = 2 ** 31;
