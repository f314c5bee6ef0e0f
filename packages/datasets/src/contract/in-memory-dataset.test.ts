import { runInNewContext } from 'node:vm';

import { channelsOf } from '../options';
import { inMemoryDataset, type InMemoryDatasetOptions } from './in-memory-dataset';

const base: InMemoryDatasetOptions = {
  name: 'three',
  inputShape: [1, 2],
  inputs: Uint8Array.of(0, 1, 10, 11, 20, 21),
  segments: Uint8Array.of(0, 0, 1, 1, 255, 2),
  labels: Uint8Array.of(5, 6, 7),
};

describe('inMemoryDataset', () => {
  it('has a name, size and shape', () => {
    expect(inMemoryDataset(base)).toMatchObject({ name: 'three', size: 3, inputShape: [1, 2], labelsPerExample: 1 });
    const { labels: _, ...unlabeled } = base;
    expect(inMemoryDataset(unlabeled).labelsPerExample).toBe(0);
  });

  it('returns matching rows of inputs, segments and labels', async () => {
    expect(await inMemoryDataset(base).examples([2, 0])).toEqual({
      size: 2,
      inputs: Float32Array.of(20, 21, 0, 1),
      segments: Uint8Array.of(255, 2, 0, 0),
      labels: Uint8Array.of(7, 5),
      indices: Uint32Array.of(2, 0),
    });
  });

  it('has neither segments nor labels if none were given', async () => {
    const examples = await inMemoryDataset({ name: 'bare', inputShape: [2], inputs: Float32Array.of(1, 2) }).examples([
      0,
    ]);
    expect(Object.keys(examples)).toEqual(['size', 'inputs', 'indices']);
  });

  it.each([
    ['the number of a segment', 1],
    ['a mask', Uint8Array.of(0, 0, 1, 1, 0, 0)],
  ])('says what is background: %s', async (_name, background) => {
    expect((await inMemoryDataset({ ...base, background }).examples([1, 2])).background).toEqual(
      Uint8Array.of(1, 1, 0, 0),
    );
  });

  it.each([
    ['without segments', { segments: undefined, background: 0 }, 'INVALID_OPTION'],
    ['that is no segment', { background: 1.5 }, 'INVALID_OPTION'],
    ['of another length', { background: Uint8Array.of(1) }, 'INVALID_DATA'],
    ['with other values than 0 and 1', { background: Uint8Array.of(0, 0, 0, 0, 0, 2) }, 'INVALID_DATA'],
  ])('refuses a background %s', (_name, options, code) => {
    expect(() => inMemoryDataset({ ...base, ...options } as InMemoryDatasetOptions)).toThrow(
      expect.objectContaining({ code }),
    );
  });

  it('accepts several labels per example', async () => {
    const dataset = inMemoryDataset({ ...base, labels: Uint8Array.of(1, 2, 3, 4, 5, 6) });
    expect(dataset.labelsPerExample).toBe(2);
    expect([...(await dataset.examples([1])).labels!]).toEqual([3, 4]);
  });

  it('has a segment for each pixel, which its channels share', async () => {
    const image = { name: 'color', inputShape: [1, 2, 3], inputs: new Uint8Array(12) };
    const dataset = inMemoryDataset({ ...image, segments: Uint8Array.of(0, 1, 2, 255) });
    expect([dataset.size, channelsOf(dataset.inputShape)]).toEqual([2, 3]);
    expect([...(await dataset.examples([1])).segments!]).toEqual([2, 255]);
    expect(() => inMemoryDataset({ ...image, segments: new Uint8Array(12) })).toThrow(
      expect.objectContaining({ code: 'INVALID_DATA' }),
    );
  });

  it('multiplies by the scale', async () => {
    const dataset = inMemoryDataset({
      name: 'gray',
      inputShape: [3],
      inputs: Uint8Array.of(0, 51, 255),
      scale: 1 / 255,
    });
    expect([...(await dataset.examples([0])).inputs]).toEqual([0, Math.fround(0.2), 1]);
  });

  it('returns copies', async () => {
    const dataset = inMemoryDataset({ ...base, inputs: Float32Array.from(base.inputs) });
    const examples = await dataset.examples([1]);
    examples.inputs.fill(9);
    examples.segments!.fill(9);
    examples.labels!.fill(9);
    expect(await dataset.examples([1])).toMatchObject({
      inputs: Float32Array.of(10, 11),
      segments: Uint8Array.of(1, 1),
      labels: Uint8Array.of(6),
    });
  });

  it('accepts arrays of another realm', async () => {
    const inputs = runInNewContext('Float32Array.of(1, 2)') as Float32Array;
    expect(inputs instanceof Float32Array).toBe(false);
    expect([...(await inMemoryDataset({ name: 'x', inputShape: [2], inputs }).examples([0])).inputs]).toEqual([1, 2]);
  });

  it('computes statistics of the scaled inputs', async () => {
    const { mean, standardDeviation } = await inMemoryDataset({ ...base, scale: 2 }).statistics();
    expect(mean).toBe(21);
    expect(standardDeviation).toBeCloseTo(2 * Math.sqrt(200 / 3 + 1 / 4), 10);
  });

  it.each<[string, string, Partial<Record<keyof InMemoryDatasetOptions, unknown>>]>([
    ['INVALID_OPTION', 'name', { name: undefined }],
    ['INVALID_OPTION', 'inputShape', { inputShape: [1, -2] }],
    ['INVALID_OPTION', 'scale', { scale: Infinity }],
    ['INVALID_DATA', 'inputs', { inputs: new Uint8Array(5) }],
    ['INVALID_DATA', 'inputs', { inputs: new Uint8Array(0) }],
    ['INVALID_DATA', 'Array', { inputs: [1, 2, 3, 4, 5, 6] }],
    ['INVALID_DATA', 'Float64Array', { inputs: new Float64Array(6) }],
    ['INVALID_DATA', 'example 2, element 1', { inputs: Float32Array.of(0, 0, 0, 0, 0, NaN) }],
    ['INVALID_DATA', 'segments', { segments: new Uint8Array(3) }],
    ['INVALID_DATA', 'segments', { segments: new Float32Array(6) }],
    ['INVALID_DATA', 'labels', { labels: new Uint8Array(4) }],
    ['INVALID_DATA', 'labels', { labels: new Uint8Array(0) }],
    ['INVALID_DATA', 'null', { labels: null }],
  ])('refuses with %s, naming %s: %p', (code, word, change) => {
    const options = { ...base, ...change } as unknown as InMemoryDatasetOptions;
    expect(() => inMemoryDataset(options)).toThrow(
      expect.objectContaining({ name: 'DatasetError', code, message: expect.stringContaining(word) }),
    );
  });
});
