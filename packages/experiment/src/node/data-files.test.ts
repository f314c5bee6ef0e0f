import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { getRecipe, overrideRecipe } from '@taggerjs/recipes';
import { encodeNpy } from '@taggerjs/weights';

import { openDataset } from './data-files';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'experiment-data-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('reads a file again after an error, relative to the base folder', async () => {
  const recipe = overrideRecipe(getRecipe('shapes-quick'), { data: { type: 'file', path: 'images.npy' } });
  const open = () => openDataset(recipe, 'train', { baseFolder: folder });
  await expect(open()).rejects.toMatchObject({ name: 'ExperimentError', code: 'INPUT' });
  await writeFile(
    join(folder, 'images.npy'),
    encodeNpy({ dtype: 'U8', shape: [40, 3, 4], data: new Uint8Array(40 * 12) }),
  );
  expect((await open()).inputShape).toEqual([3, 4]);
});
