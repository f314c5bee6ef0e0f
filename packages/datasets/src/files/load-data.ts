import { stat } from 'node:fs/promises';

import { fileError } from '../errors';
import { channelsOf } from '../options';
import { datasetsOf, type DatasetSplits } from './datasets-of-arrays';
import { isIdx, readIdxChunks } from './decode-idx';
import { MAX_BYTES } from './decode-options';
import { isPng } from './decode-png';
import type { FileArrays } from './file-arrays';
import { checkFileOptions, type FileDataOptions } from './file-data-options';
import { unreadable, withFile, type OpenFile } from './file-source';
import { isGzip } from './gzip';
import { readHdf5Arrays } from './read-hdf5';
import { readIdx } from './read-idx';
import { findMnist } from './read-mnist';
import { readNpyArrays, readNpzArrays } from './read-npz';
import { readPngFolder, type PngFolderOptions } from './read-png-folder';
import { checkSceneOptions, type SceneOptions } from './read-scenes';

/** Options of {@link loadData}. */
export interface LoadDataOptions extends FileDataOptions, SceneOptions {
  /** Limit of the memory that the data may take, in bytes. @default 2 ** 31 */
  readonly maxBytes?: number;
}

/** Number of bytes needed to recognize a format. */
const HEAD = 16;
const HDF5 = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];
const NPY = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
const ZIP = [0x50, 0x4b];

/**
 * Loads your own data from a file or folder. The contents determine the format:
 *
 * - `.npz`: arrays `inputs` [size, ...], `segments` [size, ...] and `labels` [size] or [size, labelsPerExample]; or these for
 *   each split: `train_inputs`, `validation_inputs`, `test_inputs`. Names such as x_train and y_train also work.
 * - `.npy`: the inputs
 * - HDF5 in the layout of the original project: `features`, `mask`, `targets`, with Fuel's attribute `split`; or with scenes of
 *   objects, in the layout of EfficientMORL (`train/imgs`, `train/masks`) or object-centric-library (`image`, `mask`), which
 *   `maxObjects`, `crop` and `resize` can reduce while they are read. Requires the package h5wasm.
 * - IDX, plain or gzip: the inputs. For a file `...images-idx3...`, labels come from `...labels-idx1...` in the same folder.
 * - a folder with MNIST's four files
 * - a folder of PNG images, optionally in subfolders for splits and classes; NAME.segments.png has the segments of NAME.png.
 *   They are read in gray, or in color with an `inputShape` of [rows, columns, 3]
 *
 * If there is no validation or test split, random examples are held out. Bytes become gray values in [0, 1]. Files are read
 * in pieces; the resulting arrays stay in memory.
 *
 * @throws DatasetError `UNREADABLE_FILE`, `TRUNCATED_FILE`, `INVALID_FILE`, `UNSUPPORTED_FILE`, `TOO_LARGE`, each naming the
 * file, the place and the reason; `INVALID_DATA` for arrays that do not match; `INVALID_OPTION`
 */
export async function loadData(path: string, options: LoadDataOptions = {}): Promise<DatasetSplits> {
  const { maxBytes = MAX_BYTES, ...how } = options;
  checkFileOptions(path, how);
  checkSceneOptions(path, how);
  const status = await stat(path).catch((cause: unknown) => unreadable(path, cause));
  if (status.isDirectory()) refuseSceneOptions(path, how);
  const arrays = status.isDirectory()
    ? await readFolder(path, { maxBytes, channels: channelsOf(how.inputShape ?? []) })
    : await withFile(path, (file) => readFileArrays(file, { ...how, maxBytes }));
  return datasetsOf(path, arrays, how);
}

/** Only files of scenes can be reduced while they are read. */
function refuseSceneOptions(file: string, { maxObjects, crop, resize }: SceneOptions): void {
  const [given] = Object.entries({ maxObjects, crop, resize }).find(([, value]) => value !== undefined) ?? [];
  if (given === undefined) return;
  throw fileError('INVALID_OPTION', { file }, `${given} needs an HDF5 file of scenes. Leave it out.`);
}

async function readFolder(
  path: string,
  options: PngFolderOptions & { readonly maxBytes: number },
): Promise<FileArrays> {
  const { maxBytes } = options;
  const files = await findMnist(path);
  if (files === undefined) return readPngFolder(path, options);
  const part = async (name: string) => ({
    inputs: await readIdx(files[`${name}-images`]!, { maxBytes }),
    labels: await readIdx(files[`${name}-labels`]!, { maxBytes }),
  });
  return { train: await part('train'), test: await part('t10k') };
}

async function readFileArrays(file: OpenFile, options: LoadDataOptions & { maxBytes: number }): Promise<FileArrays> {
  const { maxBytes, ignoreUpTo, maxObjects, crop, resize } = options;
  const head = await file.read(0, Math.min(HEAD, file.size));
  const begins = (bytes: readonly number[]) => bytes.every((byte, i) => head[i] === byte);
  if (begins(HDF5))
    return readHdf5Arrays(file, {
      maxBytes,
      ...(ignoreUpTo !== undefined && { ignoreUpTo }),
      ...(maxObjects !== undefined && { maxObjects }),
      ...(crop && { crop }),
      ...(resize && { resize }),
    });
  refuseSceneOptions(file.path, options);
  if (begins(ZIP)) return readNpzArrays(file, maxBytes);
  if (begins(NPY)) return readNpyArrays(file, maxBytes);
  if (isIdx(head) || isGzip(head)) {
    const inputs = await readIdxChunks(file.chunks(), { name: file.path, maxBytes, fileBytes: file.size });
    const beside = file.path.replace(/images([-.])idx3/, 'labels$1idx1');
    const there = beside !== file.path && (await stat(beside).then(() => true, () => false)); // prettier-ignore
    return { whole: { inputs, ...(there && { labels: await readIdx(beside, { maxBytes }) }) } };
  }
  if (isPng(head))
    throw fileError('UNSUPPORTED_FILE', { file: file.path }, 'a single image. Pass the folder of the images.');
  throw fileError(
    head.length < HEAD ? 'TRUNCATED_FILE' : 'UNSUPPORTED_FILE',
    { file: file.path, place: 'byte 0' },
    'unknown format. Supported are .npz, .npy, HDF5, IDX (plain or gzip) and folders of PNG images.',
  );
}
