import { inMemoryDataset } from './in-memory-dataset';
import { subset, take } from './subset';

/** Examples 0 .. 9, each its own number, with that number as segment and label. */
const ten = inMemoryDataset({
  name: 'ten',
  inputShape: [1],
  inputs: Float32Array.from({ length: 10 }, (_, i) => i),
  segments: Uint8Array.from({ length: 10 }, (_, i) => i),
  labels: Uint8Array.from({ length: 10 }, (_, i) => i),
});

describe('subset', () => {
  it('has the chosen examples in the given order, numbered from 0', async () => {
    const chosen = subset(ten, [7, 2, 5]);
    expect(chosen).toMatchObject({ size: 3, inputShape: [1], labelsPerExample: 1 });
    expect(await chosen.examples([0, 1, 2])).toEqual({
      size: 3,
      inputs: Float32Array.of(7, 2, 5),
      segments: Uint8Array.of(7, 2, 5),
      labels: Uint8Array.of(7, 2, 5),
      indices: Uint32Array.of(0, 1, 2),
    });
  });

  it('accepts a range with an exclusive end', async () => {
    const range = subset(ten, { from: 6, to: 9 });
    expect(range.name).toBe('ten[6..8]');
    expect([...(await range.examples([0, 1, 2])).inputs]).toEqual([6, 7, 8]);
    expect(subset(ten, { from: 6 }).size).toBe(4);
    expect(subset(ten, { to: 6 }).size).toBe(6);
  });

  it('copies the indices', async () => {
    const indices = [7, 2];
    const chosen = subset(ten, indices);
    indices[0] = 0;
    expect([...(await chosen.examples([0])).inputs]).toEqual([7]);
  });

  it('yields each of its examples once per epoch', async () => {
    const seen: number[] = [];
    for await (const batch of subset(ten, [1, 3, 5, 7]).batches({ batchSize: 2, seed: 1, epochs: 1 }))
      seen.push(...batch.inputs);
    expect(seen.sort()).toEqual([1, 3, 5, 7]);
  });

  it('computes statistics of its own examples', async () => {
    expect(await subset(ten, { from: 8 }).statistics()).toEqual({ mean: 8.5, standardDeviation: 0.5 });
  });

  it('can be a subset of a subset', async () => {
    const inner = subset(subset(ten, { from: 4 }), [5, 0]);
    expect([...(await inner.examples([0, 1])).inputs]).toEqual([9, 4]);
  });

  it.each([
    ['INVALID_OPTION', []],
    ['INVALID_INDEX', [1, 10]],
    ['INVALID_INDEX', [-1]],
    ['INVALID_INDEX', [0.5]],
    ['INVALID_INDEX', [3, 1, 3]],
    ['INVALID_OPTION', { from: 10 }],
    ['INVALID_OPTION', { to: 11 }],
    ['INVALID_OPTION', { from: 3, to: 3 }],
  ])('refuses with %s: %p', (code, selection) => {
    expect(() => subset(ten, selection)).toThrow(expect.objectContaining({ name: 'DatasetError', code }));
  });
});

describe('take', () => {
  it('has the first examples', async () => {
    const first = take(ten, 3);
    expect(first.size).toBe(3);
    expect([...(await first.examples([0, 1, 2])).inputs]).toEqual([0, 1, 2]);
  });

  it('returns the dataset itself if it takes all', () => {
    expect(take(ten, 10)).toBe(ten);
  });

  it.each([0, 11, 2.5])('refuses to take %p of ten', (count) => {
    expect(() => take(ten, count)).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining('from 1 to 10') }),
    );
  });
});
