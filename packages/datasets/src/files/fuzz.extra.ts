// Takes minutes: part of `npm run test:all`.
import { expectSafeReader } from '../testing/fuzz';

it.each([
  ['idx', 100_000],
  ['npy', 100_000],
  ['npz', 100_000],
  ['png', 100_000],
  ['scenes', 100_000],
  // 10,000 take half an hour: FUZZ_HDF5=10000.
  ['hdf5', Number(process.env['FUZZ_HDF5'] ?? 400)],
  ['scenesFile', Number(process.env['FUZZ_HDF5'] ?? 400)],
] as const)(
  'reads damaged %s files, %p of them, without error or refuses them with a DatasetError',
  async (kind, files) => {
    const seed = 2016;
    const outcomes = await expectSafeReader(kind, files, { seed, maxGrowthMiB: 600 });
    process.stdout.write(`${kind}: ${files} damaged files, seed ${seed}: ${JSON.stringify(outcomes)}\n`);
  },
  3_600_000,
);
