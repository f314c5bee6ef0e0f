import { createRandom } from '@taggerjs/random';
import fc from 'fast-check';

import { createDataset } from './create-dataset';
import type { Batch, BatchOptions, Dataset } from './dataset';

/** Example i is the two numbers [i, -i]. */
function numbers(size: number): Dataset {
  return createDataset({
    name: 'numbers',
    size,
    inputShape: [2],
    read: (indices) => ({ inputs: Float32Array.from([...indices].flatMap((index) => [index, -index])) }),
  });
}

async function collect(dataset: Dataset, options: BatchOptions, limit = Infinity): Promise<Batch[]> {
  const batches: Batch[] = [];
  for await (const batch of dataset.batches(options)) {
    batches.push(batch);
    if (batches.length >= limit) break;
  }
  return batches;
}

const indicesOf = (batches: readonly Batch[]): number[] => batches.flatMap((batch) => [...batch.indices]);

describe('the order of batches', () => {
  it('is the order of the dataset without a seed', async () => {
    const batches = await collect(numbers(6), { batchSize: 2, epochs: 2 });
    expect(indicesOf(batches)).toEqual([0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5]);
  });

  it('is a permutation of the epoch from the seed', async () => {
    const batches = await collect(numbers(50), { batchSize: 10, seed: 7, epochs: 2 });
    const random = createRandom(7);
    expect(indicesOf(batches)).toEqual([
      ...random.fork('epoch', 0).permutation(50),
      ...random.fork('epoch', 1).permutation(50),
    ]);
  });

  it('differs from epoch to epoch and from seed to seed', async () => {
    const [first, second] = await collect(numbers(50), { batchSize: 50, seed: 7, epochs: 2 });
    const [other] = await collect(numbers(50), { batchSize: 50, seed: 8, epochs: 1 });
    expect([...second!.indices]).not.toEqual([...first!.indices]);
    expect([...other!.indices]).not.toEqual([...first!.indices]);
  });

  it('has each example at most once per epoch, and exactly once with partial batches', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 45 }),
        fc.boolean(),
        fc.integer(),
        async (size, batchSize, partial, seed) => {
          fc.pre(partial || batchSize <= size);
          const batches = await collect(numbers(size), { batchSize, seed, partial, epochs: 3 });
          for (const epoch of [0, 1, 2]) {
            const seen = indicesOf(batches.filter((batch) => batch.epoch === epoch));
            expect(new Set(seen).size).toBe(seen.length);
            expect(seen.length).toBe(partial ? size : size - (size % batchSize));
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is the same in every pass', async () => {
    const batches = numbers(20).batches({ batchSize: 3, seed: 'again', epochs: 2 });
    const pass = async () => {
      const seen: Batch[] = [];
      for await (const batch of batches) seen.push(batch);
      return seen;
    };
    expect(await pass()).toEqual(await pass());
  });
});

describe('a batch', () => {
  it('has the examples of its indices', async () => {
    for (const batch of await collect(numbers(20), { batchSize: 6, seed: 1, epochs: 1, partial: true }))
      expect([...batch.inputs]).toEqual([...batch.indices].flatMap((index) => [index, -index]));
  });

  it('has its size, position and epoch', async () => {
    const batches = await collect(numbers(5), { batchSize: 2, partial: true, epochs: 2 });
    expect(batches.map(({ size, position, epoch }) => [size, position, epoch])).toEqual([
      [2, 0, 0],
      [2, 1, 0],
      [1, 2, 0],
      [2, 3, 1],
      [2, 4, 1],
      [1, 5, 1],
    ]);
  });

  it('omits the last examples if they do not fill a batch', async () => {
    const batches = await collect(numbers(5), { batchSize: 2, epochs: 2 });
    expect(indicesOf(batches)).toEqual([0, 1, 2, 3, 0, 1, 2, 3]);
  });

  it('can be modified without affecting others', async () => {
    const batches: number[][] = [];
    for await (const batch of numbers(4).batches({ batchSize: 2, seed: 3, epochs: 1 })) {
      batches.push([...batch.indices]);
      batch.indices.fill(0);
    }
    expect(batches.flat().sort()).toEqual([0, 1, 2, 3]);
  });
});

describe('continuing from a position', () => {
  it('gives the same batches as an uninterrupted run', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 1, max: 10 }),
        fc.boolean(),
        fc.integer({ min: 0, max: 40 }),
        async (size, batchSize, partial, from) => {
          fc.pre(partial || batchSize <= size);
          const options = { batchSize, partial, seed: 5, epochs: 4 };
          const all = await collect(numbers(size), options);
          expect(await collect(numbers(size), { ...options, from })).toEqual(all.slice(from));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('does not read earlier examples', async () => {
    const read: number[] = [];
    const dataset = createDataset({
      name: 'watched',
      size: 100,
      inputShape: [1],
      read(indices) {
        read.push(...indices);
        return { inputs: new Float32Array(indices.length) };
      },
    });
    const [batch] = await collect(dataset, { batchSize: 10, from: 123_456_784 }, 1);
    expect(batch).toMatchObject({ position: 123_456_784, epoch: 12_345_678 });
    expect(read).toEqual([40, 41, 42, 43, 44, 45, 46, 47, 48, 49]);
  });

  it('ends at once beyond the last epoch', async () => {
    expect(await collect(numbers(10), { batchSize: 5, from: 4, epochs: 2 })).toEqual([]);
  });

  it('never ends without a number of epochs', async () => {
    const batches = await collect(numbers(10), { batchSize: 5 }, 25);
    expect(batches.at(-1)).toMatchObject({ position: 24, epoch: 12 });
  });
});

describe('examples', () => {
  it('are in the order of the indices, which may repeat', async () => {
    const { size, inputs, indices } = await numbers(9).examples([4, 0, 4]);
    expect(size).toBe(3);
    expect([...indices]).toEqual([4, 0, 4]);
    expect([...inputs]).toEqual([4, -4, 0, -0, 4, -4]);
  });

  it.each([-1, 9, 1.5, NaN])('are refused at index %p', async (index) => {
    await expect(numbers(9).examples([3, index])).rejects.toMatchObject({
      name: 'DatasetError',
      code: 'INVALID_INDEX',
      message: expect.stringContaining('0 to 8'),
    });
  });
});

describe('statistics', () => {
  it('are the mean and standard deviation over all elements', async () => {
    // 0, 0, 1, -1, .., 2499, -2499 : mean 0, mean square (n - 1)(2n - 1) / 6
    const { mean, standardDeviation } = await numbers(2500).statistics();
    expect(mean).toBeCloseTo(0, 10);
    expect(standardDeviation).toBeCloseTo(Math.sqrt((2499 * 4999) / 6), 8);
  });

  it('keep their precision far from zero', async () => {
    const far = createDataset({
      name: 'far',
      size: 3000,
      inputShape: [1],
      read: (indices) => ({ inputs: Float32Array.from(indices, (index) => 1e6 + (index % 2)) }),
    });
    const { mean, standardDeviation } = await far.statistics();
    expect(mean).toBeCloseTo(1e6 + 0.5, 8);
    expect(standardDeviation).toBeCloseTo(0.5, 8);
  });

  it('are computed once, but again after a failure', async () => {
    let calls = 0;
    const dataset = createDataset({
      name: 'flaky',
      size: 2,
      inputShape: [1],
      read() {
        calls++;
        if (calls === 1) throw new Error('no connection');
        return { inputs: Float32Array.of(1, 3) };
      },
    });
    await expect(dataset.statistics()).rejects.toThrow('no connection');
    expect(await dataset.statistics()).toEqual({ mean: 2, standardDeviation: 1 });
    await dataset.statistics();
    expect(calls).toBe(2);
  });
});

describe('what is refused', () => {
  it.each<[string, BatchOptions]>([
    ['batchSize', { batchSize: 0 }],
    ['batchSize', { batchSize: 2.5 }],
    ['batchSize', { batchSize: 11 }],
    ['from', { batchSize: 2, from: -1 }],
    ['epochs', { batchSize: 2, epochs: 0.5 }],
    ['seed', { batchSize: 2, seed: NaN }],
  ])('%s of %p, at the call', (option, options) => {
    expect(() => numbers(10).batches(options)).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining(option) }),
    );
  });

  it.each([
    ['name', { name: '' }],
    ['size', { size: 0 }],
    ['inputShape', { inputShape: [] }],
    ['inputShape[1]', { inputShape: [2, 0] }],
    ['labelsPerExample', { labelsPerExample: -1 }],
  ])('a source with a bad %s', (option, change) => {
    const source = { name: 'x', size: 1, inputShape: [1], read: () => ({ inputs: new Float32Array(1) }), ...change };
    expect(() => createDataset(source)).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining(option) }),
    );
  });

  it.each([
    ['inputs', { inputs: new Float32Array(3) }],
    ['segments', { inputs: new Float32Array(4), segments: new Uint8Array(2), labels: new Uint8Array(2) }],
    ['labels', { inputs: new Float32Array(4) }],
    ['labels', { inputs: new Float32Array(4), labels: new Uint8Array(4) }],
  ])('%s of the wrong length from a source', async (what, data) => {
    const dataset = createDataset({ name: 'x', size: 2, inputShape: [2], labelsPerExample: 1, read: () => data });
    await expect(dataset.examples([0, 1])).rejects.toMatchObject({
      code: 'INVALID_DATA',
      message: expect.stringContaining(what),
    });
  });
});
