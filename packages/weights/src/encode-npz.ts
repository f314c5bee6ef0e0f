import { Zip, ZipDeflate, ZipPassThrough } from 'fflate';

import { encodeNpy } from './encode-npy';
import { WeightsError } from './errors';
import type { NamedTensor } from './named-tensor';
import { quote } from './quote';

/** How to write. */
export interface EncodeNpzOptions {
  /** Whether to pack the arrays by deflate, as `numpy.savez_compressed` does. @default false */
  readonly compress?: boolean;
}

/** Bytes of a ZIP file without its 64-bit extension, less some for its directory. */
const MOST_BYTES = 2 ** 32 - 2 ** 20;
/** Every file has the same bytes for the same arrays: the earliest date that ZIP knows. */
const DATE = () => new Date(1980, 0, 1); // ZIP's dates are local
/** Bytes that are packed at a time. */
const PIECE = 2 ** 22;

/**
 * Writes arrays as an archive of NumPy's, an .npz file that `numpy.load` reads, chunk by chunk: each array is asked for
 * when the ones before it are written, so that not all need be in memory at once.
 *
 * @param tensors the arrays by name, each name once, of less than 4 GiB together
 * @returns the chunks of the file, in order
 * @throws WeightsError `INVALID_OPTION` for a name that is empty, comes twice, or is of more than 65,000 bytes, or more than
 * 4 GiB; as `encodeNpy`
 */
export async function* encodeNpz(
  tensors: AsyncIterable<readonly [string, NamedTensor]> | Iterable<readonly [string, NamedTensor]>,
  { compress = false }: EncodeNpzOptions = {},
): AsyncGenerator<Uint8Array> {
  const written: Uint8Array[] = [];
  let failure: Error | null = null;
  const zip = new Zip((error, chunk) => {
    failure ??= error;
    written.push(chunk);
  });
  const names = new Set<string>();
  let total = 0;
  for await (const [name, tensor] of tensors) {
    if (typeof name !== 'string' || name === '' || new TextEncoder().encode(name).length > 65_000 || names.has(name)) {
      throw new WeightsError(
        'INVALID_OPTION',
        `encodeNpz: arrays need names, each its own and of at most 65,000 bytes; got ${quote(name)}${names.has(name) ? ' twice' : ''}.`,
      );
    }
    names.add(name);
    const bytes = encodeNpy(tensor);
    total += bytes.length;
    if (total > MOST_BYTES) {
      throw new WeightsError('INVALID_OPTION', 'encodeNpz: an .npz file holds less than 4 GiB. Write several files.');
    }
    const entry = new (compress ? ZipDeflate : ZipPassThrough)(`${name}.npy`);
    entry.mtime = DATE();
    zip.add(entry);
    for (let at = 0; at < bytes.length; at += PIECE) {
      entry.push(bytes.subarray(at, at + PIECE), at + PIECE >= bytes.length);
      if (failure !== null) throw failure as Error;
      yield* written.splice(0);
    }
  }
  zip.end();
  yield* written.splice(0);
}
