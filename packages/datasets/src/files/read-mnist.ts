import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { fileError, type DatasetError } from '../errors';
import type { Digits, Mnist } from '../texture-mnist/mnist';
import { unreadable } from './file-source';
import { readIdx } from './read-idx';

/** Names of MNIST's files, with both common separators: train-images-idx3-ubyte, train-images.idx3-ubyte. */
const FILE = /^(train|t10k)-(images|labels)[-.]idx[13]-ubyte(\.gz)?$/;

/** Finds the files of MNIST in a folder. Returns `undefined` unless all four exist. */
export async function findMnist(folder: string): Promise<Readonly<Record<string, string>> | undefined> {
  const names = await readdir(folder).catch((cause: unknown) => unreadable(folder, cause));
  const files: Record<string, string> = {};
  for (const name of names.sort().reverse()) {
    // Prefers plain files to compressed ones.
    const [, part, what] = FILE.exec(name) ?? [];
    if (part !== undefined) files[`${part}-${what}`] = join(folder, name);
  }
  return Object.keys(files).length === 4 ? files : undefined;
}

/**
 * Reads MNIST, or another dataset with the same four files (Fashion-MNIST, KMNIST), from a folder: `train-images-idx3-ubyte`,
 * `train-labels-idx1-ubyte`, `t10k-images-idx3-ubyte`, `t10k-labels-idx1-ubyte`, each plain or with `.gz`.
 *
 * @throws DatasetError `UNREADABLE_FILE` if a file is missing; as `readIdx`; `INVALID_DATA` if images and labels do not
 * match
 */
export async function readMnist(folder: string): Promise<Mnist> {
  const files = await findMnist(folder);
  if (files === undefined)
    throw fileError(
      'UNREADABLE_FILE',
      { file: folder },
      'expected the four files of MNIST: train-images-idx3-ubyte, train-labels-idx1-ubyte, ' +
        't10k-images-idx3-ubyte, t10k-labels-idx1-ubyte, plain or with .gz.',
    );
  const read = async (part: 'train' | 't10k'): Promise<Digits> => {
    const [imagesFile, labelsFile] = [files[`${part}-images`]!, files[`${part}-labels`]!];
    const [images, labels] = [await readIdx(imagesFile), await readIdx(labelsFile)];
    if (images.dtype !== 'U8' || images.shape.length !== 3)
      throw misfit(imagesFile, `expected bytes of shape (count, rows, columns); got ${images.dtype} (${images.shape.join(', ')}).`); // prettier-ignore
    if (labels.dtype !== 'U8' || labels.shape.length !== 1 || labels.shape[0] !== images.shape[0])
      throw misfit(labelsFile, `expected ${images.shape[0]} bytes, one for each image; got ${labels.dtype} (${labels.shape.join(', ')}).`); // prettier-ignore
    return { images: images.data, labels: labels.data };
  };
  return { train: await read('train'), test: await read('t10k') };
}

function misfit(file: string, reason: string): DatasetError {
  return fileError('INVALID_DATA', { file }, reason);
}
