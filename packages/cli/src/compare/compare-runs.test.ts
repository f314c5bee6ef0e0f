import { getRecipe, overrideRecipe } from '@taggerjs/recipes';

import { compareRuns, type ComparedRun } from './compare-runs';
import { compareTable } from './compare-table';
import { spreadOf } from './spread';
import { compareCsv, compareMarkdown } from './table-files';

const STEPS = 4000;

/** A run that made all its steps. */
const run = (path: string, overrides: Record<string, number>, amis: number[], finished = true): ComparedRun => ({
  path,
  finished,
  recipe: overrideRecipe(getRecipe('shapes-quick'), overrides),
  metrics: [
    { type: 'step', step: 1, cost: 1 },
    ...amis.map((ami, i) => ({
      type: 'evaluation',
      step: STEPS - 10 * (amis.length - 1 - i),
      iterations: [
        { iteration: 1, cost: 0.2 - ami / 10, ami: ami / 2 },
        { iteration: 2, cost: 0.1 - ami / 10, ami },
      ],
    })),
  ],
});

describe('compareRuns', () => {
  it('groups runs that differ only in their seed, and labels the groups by their differences', () => {
    const { groups, unmeasured } = compareRuns([
      run('a', { 'training.seed': 0, 'training.batchSize': 50 }, [0.1, 0.5]),
      run('b', { 'training.seed': 0, 'training.batchSize': 20 }, [0.1, 0.4]),
      run('c', { 'training.seed': 1, 'training.batchSize': 50 }, [0.1, 0.9]),
      run('d', { 'training.seed': 2, 'training.batchSize': 50 }, [0.1, 0.6]),
      run('e', { 'training.seed': 3, 'training.batchSize': 50 }, []),
    ]);
    expect(unmeasured).toEqual(['e']);
    expect(groups.map(({ label, runs }) => [label, runs.map(({ path, seed }) => [path, seed])])).toEqual([
      ['shapes-quick training.batchSize=50', [['a', 0], ['c', 1], ['d', 2]]],
      ['shapes-quick training.batchSize=20', [['b', 0]]],
    ]); // prettier-ignore
    expect(groups[0]?.iterations[1]).toMatchObject({ iteration: 2, ami: { median: 0.6, low: 0.5, high: 0.9 } });
    expect(groups[0]?.steps).toEqual([STEPS, STEPS]);
  });

  it('labels runs that ended early with the steps they made, not those planned', () => {
    const planned = (seed: number, steps: number) =>
      run(`${seed}`, { 'training.seed': seed, 'training.steps': steps }, [0.1]);
    expect(compareRuns([planned(0, 9000)]).groups[0]?.label).toBe('shapes-quick after 4000 of 9000 steps');
    const { groups } = compareRuns([planned(0, 9000), planned(1, 4000)]);
    expect(groups.map(({ label }) => label)).toEqual([
      'shapes-quick after 4000 of 9000 steps',
      'shapes-quick training.steps=4000',
    ]);
  });

  it('summarizes a measure only if all runs have it, as runs of before have the AMI alone', () => {
    const before = run('a', { 'training.seed': 0 }, [0.5]);
    const scores = { iteration: 1, cost: 0.1, ami: 0.7, ariForeground: 0.8, ari: 0.3, mbo: 0.4, msc: 0.5 };
    const today = (seed: number) => ({
      ...run('b', { 'training.seed': seed }, []),
      metrics: [{ type: 'evaluation', step: STEPS, iterations: [scores] }],
    });
    const measures = (runs: ComparedRun[]) => Object.keys(compareRuns(runs).groups[0]!.iterations[0]!).sort();
    expect(measures([before, today(1)])).toEqual(['ami', 'cost', 'iteration']);
    expect(measures([today(0), today(1)])).toEqual(Object.keys(scores).sort());
  });

  it('omits the AMI if a run has none', () => {
    const plain = { ...run('a', {}, []), metrics: [{ type: 'evaluation', step: STEPS, iterations: [{ cost: 0.3 }] }] };
    expect(compareRuns([plain]).groups[0]?.iterations).toEqual([
      { iteration: 1, cost: { median: 0.3, quartiles: [0.3, 0.3], low: 0.3, high: 0.3 } },
    ]);
  });

  it.each([
    ['first', ['b', 'c'], [true, false, false]],
    ['last', ['a', 'b'], [false, false, true]],
  ])('leaves out unfinished runs of a row whose %s run is finished', (_, unfinished, finished) => {
    const compared = compareRuns(
      ['a', 'b', 'c'].map((path, seed) => run(path, { 'training.seed': seed }, [seed / 10], finished[seed])),
    );
    expect(compared.unfinished).toEqual(unfinished);
    expect(compared.groups).toEqual([expect.objectContaining({ runs: [expect.anything()] })]);
  });

  it('compares a row without finished runs', () => {
    const { groups, unfinished } = compareRuns([run('a', { 'training.seed': 0 }, [0.1], false)]);
    expect([groups.length, unfinished]).toEqual([1, []]);
  });
});

it('compareTable aligns medians, and ranges of several runs', () => {
  const { groups } = compareRuns([
    run('a', { 'training.seed': 0 }, [0.5]),
    run('b', { 'training.seed': 1 }, [0.7]),
    run('c', { 'training.seed': 0, 'training.batchSize': 7 }, [0.25]),
  ]);
  expect(`\n${compareTable(groups)}`).toMatchInlineSnapshot(`
    "
    AMI at iteration                                              1               2
      shapes-quick training.batchSize=50 (2 runs)             0.300           0.600
                                                       0.275..0.325    0.550..0.650
      shapes-quick training.batchSize=7                       0.125           0.250
    cost at iteration                                               1                 2
      shapes-quick training.batchSize=50 (2 runs)              0.1400            0.0400
                                                       0.1350..0.1450    0.0350..0.0450
      shapes-quick training.batchSize=7                        0.1750            0.0750"
  `);
});

it('compareMarkdown has the last iteration', () => {
  const { groups } = compareRuns([run('a', { 'training.seed': 0 }, [0.5]), run('b', { 'training.seed': 1 }, [0.7])]);
  expect(compareMarkdown(groups)).toBe(
    '| settings | runs | AMI | cost |\n' +
      '| --- | ---: | ---: | ---: |\n' +
      '| shapes-quick | 2 | 0.600 (0.550..0.650) | 0.0400 (0.0350..0.0450) |\n',
  );
});

it('the tables have every measure of grouping', () => {
  const scores = { iteration: 1, cost: 0.1, ami: 0.7, ariForeground: 0.8, ari: 0.3, mbo: 0.4, msc: 0.5 };
  const metrics = [{ type: 'evaluation', step: STEPS, iterations: [scores] }];
  const { groups } = compareRuns([{ ...run('a', {}, []), metrics }]);
  const measures = compareCsv(groups)
    .trimEnd()
    .split('\n')
    .map((line) => line.split(',')[3]);
  expect(measures.sort()).toEqual([...Object.keys(scores).filter((name) => name !== 'iteration'), 'measure'].sort());
  expect(compareMarkdown(groups).split('\n')[2]).toBe(
    '| shapes-quick | 1 | 0.700 | 0.800 | 0.300 | 0.400 | 0.500 | 0.1000 |',
  );
});

it('compareCsv has every iteration, and quotes settings with commas', () => {
  const sizes = { 'model.core.mapping.sizes': [30, 20] as unknown as number };
  const { groups } = compareRuns([run('a', sizes, [0.5]), run('b', {}, [0.25])]);
  const rows = compareCsv(groups).trimEnd().split('\n');
  expect(rows[0]).toBe('settings,runs,iteration,measure,median,lower_quartile,upper_quartile,low,high');
  expect(rows).toHaveLength(1 + 2 * 2 * 2);
  expect(rows[3]).toBe('"shapes-quick model.core.mapping.sizes=[30,20]",1,2,ami,0.5,0.5,0.5,0.5,0.5');
});

// Quartiles as numpy.quantile computes them.
it.each([
  [[3], { median: 3, quartiles: [3, 3], low: 3, high: 3 }],
  [[4, 1, 3], { median: 3, quartiles: [2, 3.5], low: 1, high: 4 }],
  [[4, 1, 3, 2], { median: 2.5, quartiles: [1.75, 3.25], low: 1, high: 4 }],
])('spreadOf(%j)', (values, expected) => {
  expect(spreadOf(values)).toEqual(expected);
});
