import { createRandom } from '@taggerjs/random';
import * as fc from 'fast-check';

import { balancedSubset } from './balanced-subset';
import { inMemoryDataset } from './in-memory-dataset';

/** Examples whose one input is their index. */
function labeledData(labels: ArrayLike<number>, objects = 1) {
  const size = labels.length / objects;
  const inputs = Float32Array.from({ length: size }, (_, i) => i);
  return inMemoryDataset({ name: 'digits', inputShape: [1], inputs, labels: Uint8Array.from(labels) });
}

const random = (size: number, seed: number) => createRandom(seed).integers(size, { bound: 10 });

async function contentsOf(dataset: Awaited<ReturnType<typeof balancedSubset>>) {
  const { inputs, labels } = await dataset.examples(Uint32Array.from({ length: dataset.size }, (_, i) => i));
  return { indices: [...inputs], labels: [...labels!] };
}

describe('balancedSubset', () => {
  it.each([1, 2])('has every class equally often, each example once (%i labels)', async (objects) => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 20 }), fc.nat(), async (perClass, seed) => {
        const count = 10 * perClass;
        const { indices, labels } = await contentsOf(
          await balancedSubset(labeledData(random(3000 * objects, 7), objects), { count, classes: 10, seed }),
        );
        expect(new Set(indices).size).toBe(count);
        for (let c = 0; c < 10; c++) expect(labels.filter((label) => label === c)).toHaveLength(perClass * objects);
      }),
      { numRuns: 20 },
    );
  });

  it('is the same for the same seed, and another for another', async () => {
    const data = labeledData(random(3000, 1));
    const [one, same, other] = await Promise.all(
      [1, 1, 2].map(async (seed) => contentsOf(await balancedSubset(data, { count: 100, classes: 10, seed }))),
    );
    expect(same).toEqual(one);
    expect(other!.indices).not.toEqual(one!.indices);
  });

  it.each<[string, () => Promise<unknown>, string]>([
    [
      'data without labels',
      () =>
        balancedSubset(inMemoryDataset({ name: 'bare', inputShape: [1], inputs: new Float32Array(20) }), {
          count: 10,
          classes: 10,
        }),
      'INVALID_OPTION',
    ],
    [
      'a number that does not divide',
      () => balancedSubset(labeledData(random(100, 1)), { count: 15, classes: 10 }),
      'INVALID_OPTION',
    ],
    [
      'more than there are',
      () => balancedSubset(labeledData(random(5, 1)), { count: 10, classes: 10 }),
      'INVALID_OPTION',
    ],
    ['too few of a class', () => balancedSubset(labeledData([0, 0, 0, 1]), { count: 4, classes: 2 }), 'INVALID_DATA'],
    [
      'a label that is no class',
      () => balancedSubset(labeledData([0, 2, 0, 2]), { count: 4, classes: 2 }),
      'INVALID_DATA',
    ],
  ])('refuses %s', async (_, attempt, code) => {
    await expect(attempt()).rejects.toMatchObject({ code });
  });
});
