// Some damaged files of each format; fuzz.extra.ts reads many more.
import { expectSafeReader } from '../testing/fuzz';

it.each([
  ['idx', 2000],
  ['npy', 2000],
  ['npz', 2000],
  ['png', 2000],
  ['scenes', 2000],
  // Each is read in a new thread, which takes a quarter of a second.
  ['hdf5', 40],
  ['scenesFile', 40],
] as const)('reads damaged %s files without error or refuses them with a DatasetError', async (kind, files) => {
  await expectSafeReader(kind, files, { seed: 20160622, maxGrowthMiB: 400 });
});
