import { open, type FileHandle } from 'node:fs/promises';

import { fileError, messageOf } from '../errors';

/** An open file for random access. */
export interface OpenFile {
  readonly path: string;
  readonly size: number;
  /** Reads `length` bytes from `offset`. @throws DatasetError `TRUNCATED_FILE` if the file has become shorter */
  read(offset: number, length: number): Promise<Uint8Array>;
  /** Iterates over the file in chunks. */
  chunks(): AsyncIterable<Uint8Array>;
}

/** Bytes read at a time. */
const CHUNK = 2 ** 22;

/**
 * Opens a file, calls `use`, and closes it.
 *
 * @throws DatasetError `UNREADABLE_FILE` if it cannot be opened or read, or is not a file; errors of `use`
 */
export async function withFile<Result>(path: string, use: (file: OpenFile) => Promise<Result>): Promise<Result> {
  const handle = await open(path, 'r').catch((cause: unknown) => unreadable(path, cause));
  try {
    const status = await handle.stat().catch((cause: unknown) => unreadable(path, cause));
    if (!status.isFile()) throw fileError('UNREADABLE_FILE', { file: path }, 'not a file.');
    const { size } = status;
    const read = (offset: number, length: number) => readPart(handle, path, offset, length);
    return await use({
      path,
      size,
      read,
      async *chunks() {
        for (let at = 0; at < size; at += CHUNK) yield await read(at, Math.min(CHUNK, size - at));
      },
    });
  } finally {
    await handle.close();
  }
}

async function readPart(handle: FileHandle, path: string, offset: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  for (let filled = 0; filled < length;) {
    const { bytesRead } = await handle
      .read(bytes, filled, length - filled, offset + filled)
      .catch((cause: unknown) => unreadable(path, cause));
    if (bytesRead === 0)
      throw fileError(
        'TRUNCATED_FILE',
        { file: path, place: `byte ${offset + filled}` },
        'the file became shorter while it was read.',
      );
    filled += bytesRead;
  }
  return bytes;
}

/** @throws DatasetError `UNREADABLE_FILE` */
export function unreadable(file: string, cause: unknown): never {
  throw fileError('UNREADABLE_FILE', { file }, `cannot read it: ${messageOf(cause)}.`, { cause });
}
