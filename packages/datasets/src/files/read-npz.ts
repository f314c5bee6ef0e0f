import { decodeNpy, readNpz, WeightsError } from '@taggerjs/weights';

import { DatasetError, fileError, type DatasetErrorCode } from '../errors';
import { sortArrays } from './array-names';
import { MAX_BYTES } from './decode-options';
import type { FileArrays } from './file-arrays';
import type { OpenFile } from './file-source';

/** Converts error codes of `weights`. */
function codeOf({ code }: WeightsError): DatasetErrorCode {
  if (code === 'TRUNCATED') return 'TRUNCATED_FILE';
  return code === 'UNSUPPORTED_DTYPE' ? 'UNSUPPORTED_FILE' : 'INVALID_FILE';
}

/** Converts a `WeightsError` to a `DatasetError`; returns other errors as they are. */
export function asDatasetError(file: string, error: unknown): unknown {
  if (!(error instanceof WeightsError)) return error;
  return new DatasetError(codeOf(error), `${file}: ${error.message}`, { cause: error });
}

/** Reads the arrays of an .npz file. @throws DatasetError */
export async function readNpzArrays(file: OpenFile, maxBytes = MAX_BYTES): Promise<FileArrays> {
  try {
    return sortArrays(file.path, await readNpz(file, { maxBytes }));
  } catch (error) {
    throw asDatasetError(file.path, error);
  }
}

/** Reads the inputs of an .npy file. @throws DatasetError */
export async function readNpyArrays(file: OpenFile, maxBytes = MAX_BYTES): Promise<FileArrays> {
  if (file.size > maxBytes)
    throw fileError('TOO_LARGE', { file: file.path }, `it has ${file.size} bytes, but maxBytes is ${maxBytes}.`);
  try {
    return { whole: { inputs: decodeNpy(await file.read(0, file.size)) } };
  } catch (error) {
    throw asDatasetError(file.path, error);
  }
}
