import { parseSeeds, planRuns, splitValues } from './plan';

it.each([
  ['0..3', [0, 1, 2, 3]],
  ['7', [7]],
  ['5,1..2,1', [5, 1, 2]],
])('parseSeeds(%j)', (text, seeds) => {
  expect(parseSeeds(text)).toEqual(seeds);
});

it.each(['', 'a', '3..1', '-1', '0...3', '0..99999999', '1,'])('parseSeeds refuses %j', (text) => {
  expect(() => parseSeeds(text)).toThrow(expect.objectContaining({ code: 'USAGE' }));
});

it.each([
  ['1,2', ['1', '2']],
  ['[1,2],[3]', ['[1,2]', '[3]']],
  ['{"a":1,"b":2}', ['{"a":1,"b":2}']],
  ['"a,b",c', ['"a,b"', 'c']],
])('splitValues(%j)', (text, values) => {
  expect(splitValues(text)).toEqual(values);
});

it('planRuns combines all values and seeds, under unique names', () => {
  const runs = planRuns([0, 1], {
    'training.batchSize': '5,7',
    'model.core.mapping.sizes': '[3,2],[4]',
    'training.steps': '9',
  });
  expect(runs).toHaveLength(8);
  expect(runs[0]).toEqual({
    name: '0-batchSize=5-sizes=_3_2_-seed=0',
    seed: 0,
    settings: { 'training.batchSize': '5', 'model.core.mapping.sizes': '[3,2]', 'training.steps': '9' },
  });
  expect(new Set(runs.map(({ name }) => name)).size).toBe(8);
  expect(runs.at(-1)?.settings).toMatchObject({ 'training.batchSize': '7', 'model.core.mapping.sizes': '[4]' });
});

it('planRuns refuses too many runs', () => {
  expect(() => planRuns([0, 1, 2], { a: Array.from({ length: 5000 }, (_, i) => i).join(',') })).toThrow(
    expect.objectContaining({ code: 'USAGE' }),
  );
});
