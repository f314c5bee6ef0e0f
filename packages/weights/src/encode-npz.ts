import { Zip, ZipDeflate, ZipPassThrough } from 'fflate';

import { encodeNpy } from './encode-npy';
import { WeightsError } from './errors';
import type { NamedTensor } from './named-tensor';
import { quote } from './quote';

/** Options of {@link encodeNpz}. */
export interface EncodeNpzOptions {
  /** Whether to compress the arrays with deflate, like `numpy.savez_compressed`. @default false */
  readonly compress?: boolean;
}

/** Limit of a ZIP file without 64-bit extension, minus room for its directory. */
const MOST_BYTES = 2 ** 32 - 2 ** 20;
/** The earliest date of ZIP, so that the same arrays give the same bytes. */
const DATE = () => new Date(1980, 0, 1); // ZIP's dates are local
/** Bytes compressed at a time. */
const PIECE = 2 ** 22;

/**
 * Encodes arrays as an .npz file for `numpy.load`, chunk by chunk. Requests each array after the ones before it are written,
 * so they need not be in memory together.
 *
 * @param tensors the arrays by name, each name once, of less than 4 GiB together
 * @returns the chunks of the file, in order
 * @throws WeightsError `INVALID_OPTION` for a name that is empty, repeated or longer than 65,000 bytes, or more than 4 GiB of
 * data; as `encodeNpy`
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
        `encodeNpz: array names must be distinct and at most 65,000 bytes long; got ${quote(name)}${names.has(name) ? ' twice' : ''}.`,
      );
    }
    names.add(name);
    const bytes = encodeNpy(tensor);
    total += bytes.length;
    if (total > MOST_BYTES) {
      throw new WeightsError(
        'INVALID_OPTION',
        'encodeNpz: an .npz file must be smaller than 4 GiB. Write several files.',
      );
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
