import * as fc from 'fast-check';

import { FUZZ_KINDS } from './fuzz-kinds';

/** Valid files are read again after so many damaged ones. */
const EVERY = 500;

/**
 * Reads damaged files of one format and expects each to be read or refused with a `DatasetError`. On failure fast-check
 * reports a small file that fails, and the seed and path to run it again. Memory may grow by `maxGrowthMiB`.
 *
 * @returns how many files were read, and refused with each code
 */
export async function expectSafeReader(
  name: keyof typeof FUZZ_KINDS,
  numRuns: number,
  { seed, maxGrowthMiB }: { readonly seed: number; readonly maxGrowthMiB: number },
): Promise<Readonly<Record<string, number>>> {
  const { damaged, read, readValid, mostlyRefusedAs = 'INVALID_FILE', dispose } = await FUZZ_KINDS[name]();
  const outcomes: Record<string, number> = {};
  const before = process.resourceUsage().maxRSS;
  let runs = 0;
  const property = fc.asyncProperty(damaged, async (bytes) => {
    let outcome = 'read';
    try {
      await read(bytes);
    } catch (error) {
      if ((error as Error).name !== 'DatasetError') throw error;
      outcome = (error as { code: string }).code;
    }
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    if (++runs % EVERY === 0) await readValid();
  });
  try {
    await readValid();
    await fc.assert(property, { numRuns, seed });
    await readValid();
  } finally {
    dispose?.();
  }
  // The damage reaches both ends of the reader.
  expect(outcomes['read']).toBeGreaterThan(0);
  expect(outcomes[mostlyRefusedAs]).toBeGreaterThan(numRuns / 20);
  const grownMiB = (process.resourceUsage().maxRSS - before) / 1024;
  expect(grownMiB).toBeLessThan(maxGrowthMiB);
  return outcomes;
}
