import type { NamedTensor } from '@taggerjs/weights';

import { readIdxChunks } from './decode-idx';
import { MAX_BYTES, type DecodeFileOptions } from './decode-options';
import { withFile } from './file-source';

/**
 * Reads an IDX file, plain or compressed with gzip, chunk by chunk: only the array is completely in memory.
 *
 * @throws DatasetError as `decodeIdx`; `UNREADABLE_FILE` if the file cannot be read
 */
export function readIdx(path: string, options: DecodeFileOptions = {}): Promise<NamedTensor> {
  const { name = path, maxBytes = MAX_BYTES } = options;
  return withFile(path, (file) => readIdxChunks(file.chunks(), { name, maxBytes, fileBytes: file.size }));
}
