/** Options of the decoders of files. */
export interface DecodeFileOptions {
  /** What the bytes are called in errors: their path, say. @default 'the file' */
  readonly name?: string;
  /** Most bytes that the data may take. @default 2 ** 31 */
  readonly maxBytes?: number;
}

/** Bytes that data may take at most, unless the caller says otherwise. */
export const MAX_BYTES = 2 ** 31;
