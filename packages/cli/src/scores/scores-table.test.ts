import { scoresLine, scoresTable, type Scores } from './scores-table';

const evaluation = (amis: readonly (number | undefined)[]): Scores & Required<Pick<Scores, 'iterations'>> => ({
  examples: 10,
  iterations: amis.map((ami, i) => ({
    iteration: i + 1,
    cost: 0.5 / (i + 1),
    ...(ami !== undefined && { ami }),
    groupsUsed: 3.5,
    entropy: 0.1,
  })),
});

describe('scoresTable', () => {
  it('has a row per evaluation and a column per iteration', () => {
    const table = scoresTable([
      { label: 'untrained', evaluation: evaluation([0.01, 0.02]) },
      { label: 'trained', evaluation: evaluation([0.5, 0.75]) },
    ]);
    expect(table).toBe(
      [
        'AMI at iteration        1      2',
        '  untrained         0.010  0.020',
        '  trained           0.500  0.750',
        'cost at iteration       1      2',
        '  untrained        0.5000 0.2500',
        '  trained          0.5000 0.2500',
        'groups used             1      2',
        '  untrained          3.50   3.50',
        '  trained            3.50   3.50',
      ].join('\n'),
    );
  });

  it('separates columns of negative and long numbers', () => {
    const { iterations, ...rest } = evaluation([0.1, 0.2]);
    const inNats = { ...rest, iterations: iterations.map((scores) => ({ ...scores, cost: scores.cost - 12 })) };
    expect(scoresTable([{ label: 'test', evaluation: inNats }]).split('\n')).toEqual([
      'AMI at iteration          1        2',
      '  test                0.100    0.200',
      'cost at iteration         1        2',
      '  test             -11.5000 -11.7500',
      'groups used               1        2',
      '  test                 3.50     3.50',
    ]);
  });

  it('shows zero without a sign', () => {
    const rounded = { label: 'test', evaluation: evaluation([-0.0004, -0.0006]) };
    expect(scoresTable([rounded]).split('\n')[1]).toBe('  test              0.000 -0.001');
  });

  it('shows the measures of object discovery of data with a known background', () => {
    const { iterations, ...rest } = evaluation([0.5]);
    const discovered = iterations.map((at) => ({ ...at, ari: 0.1, ariForeground: 0.2, mbo: 0.3, msc: 0.4 }));
    expect(scoresTable([{ label: 'test', evaluation: { ...rest, iterations: discovered } }]).split('\n')).toEqual([
      'AMI at iteration          1',
      '  test                0.500',
      'ARI-FG at iteration       1',
      '  test                0.200',
      'ARI at iteration          1',
      '  test                0.100',
      'mBO at iteration          1',
      '  test                0.300',
      'mSC at iteration          1',
      '  test                0.400',
      'cost at iteration         1',
      '  test               0.5000',
      'groups used               1',
      '  test                 3.50',
    ]);
  });

  it('shows one measure and the cost if asked for a headline', () => {
    const { iterations, ...rest } = evaluation([0.5]);
    const scores = { ...rest, iterations: iterations.map((at) => ({ ...at, ariForeground: 0.2 })) };
    expect(scoresTable([{ label: 'test', evaluation: scores }], 'ariForeground').split('\n')).toEqual([
      'ARI-FG at iteration       1',
      '  test                0.200',
      'cost at iteration         1',
      '  test               0.5000',
    ]);
    expect(scoresLine(scores, 'ariForeground')).toBe('ARI-FG 0.200, cost 0.5000');
    expect(scoresLine(scores, 'ami')).toBe('AMI 0.500, cost 0.5000');
  });

  it('omits the AMI for data without segments', () => {
    expect(scoresTable([{ label: 'test', evaluation: evaluation([undefined]) }])).not.toMatch(/AMI/);
    expect(scoresLine(evaluation([undefined]), 'ami')).toBe('cost 0.5000');
  });
});
