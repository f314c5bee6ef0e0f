// What takes minutes: part of `npm run test:all`.
import { runFuzz } from '../testing/run-fuzz';

it.each([
  ['idx', 100_000],
  ['npy', 100_000],
  ['npz', 100_000],
  ['png', 100_000],
  // Each in a thread of its own; ten thousand take half an hour: FUZZ_HDF5=10000.
  ['hdf5', Number(process.env['FUZZ_HDF5'] ?? 400)],
] as const)(
  'damaged files of kind %s, %p of them, are read soundly or refused with a DatasetError',
  async (kind, mutants) => {
    const result = await runFuzz(kind, mutants, 2016);
    process.stdout.write(`${JSON.stringify(result)}\n`);
    expect(Object.values(result.outcomes).reduce((sum, count) => sum + count, 0)).toBe(mutants);
    expect(result.outcomes['read']).toBeGreaterThan(0);
    expect(result.outcomes['INVALID_FILE']).toBeGreaterThan(mutants / 20);
    expect(result.grownMiB).toBeLessThan(600);
  },
  3_600_000,
);
