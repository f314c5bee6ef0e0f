import { inMemoryDataset } from '@taggerjs/datasets';

import { selectExamples } from './select-examples';

const dataset = inMemoryDataset({ name: 'ten', inputShape: [1], inputs: new Float32Array(10) });

describe('selectExamples', () => {
  it('selects the first examples, or all of a smaller dataset', () => {
    expect(selectExamples('first', dataset, 3, 0)).toEqual([0, 1, 2]);
    expect(selectExamples('first', dataset, 30, 0)).toHaveLength(10);
  });

  it('selects different examples at random, the same for the same seed', () => {
    const chosen = selectExamples('random', dataset, 6, 1);
    expect(new Set(chosen).size).toBe(6);
    expect(selectExamples('random', dataset, 6, 1)).toEqual(chosen);
    expect(selectExamples('random', dataset, 6, 2)).not.toEqual(chosen);
  });

  it.each([0, -1, 2.5, NaN])('refuses a count of %p', (count) => {
    for (const selection of ['first', 'random'])
      expect(() => selectExamples(selection, dataset, count, 0)).toThrow(expect.objectContaining({ code: 'USAGE' }));
  });

  it('selects the listed examples, in that order', () => {
    expect(selectExamples('7, 0,3', dataset, 1, 0)).toEqual([7, 0, 3]);
  });

  it.each(['10', '1,1', 'a', '', '-1', '1.5'])("refuses '%s'", (selection) => {
    expect(() => selectExamples(selection, dataset, 1, 0)).toThrow(expect.objectContaining({ code: 'USAGE' }));
  });
});
