// Damaged files, some thousands; fuzz.extra.ts takes hundreds of thousands.
import { runFuzz } from '../testing/run-fuzz';

it.each([
  ['idx', 600],
  ['npy', 2000],
  ['npz', 2000],
  ['png', 600],
  ['hdf5', 300],
] as const)(
  'damaged files of kind %s are read soundly or refused with a DatasetError',
  async (kind, mutants) => {
    const result = await runFuzz(kind, mutants, 20160622);
    expect(Object.values(result.outcomes).reduce((sum, count) => sum + count, 0)).toBe(mutants);
    // The mutations reach both ends of the reader, or this would say little.
    expect(result.outcomes['read']).toBeGreaterThan(0);
    expect(result.outcomes['INVALID_FILE']).toBeGreaterThan(mutants / 20);
    expect(result.grownMiB).toBeLessThan(400);
  },
  600_000,
);
