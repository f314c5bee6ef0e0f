import { indexRanges, slurmScript } from './job-script';

const COMMAND = ['/opt/node', '/opt/tagger.js', 'sweep', '/data/mine', '--index'];

/** The options of a script by name. */
function directives(script: string): Record<string, string> {
  const entries = [...script.matchAll(/^#SBATCH --([a-z-]+)(?:=(.*))?$/gm)].map(([, name, value]) => [
    name,
    value ?? '',
  ]);
  return Object.fromEntries(entries) as Record<string, string>;
}

describe('slurmScript', () => {
  it('requests a job array with the given limits', () => {
    const options = { time: '12:00:00', cpus: 4, memory: '8G', partition: 'long', account: 'vision', jobs: 2 };
    expect(directives(slurmScript('/data/mine', [0, 1, 2, 3, 6], COMMAND, options))).toMatchObject({
      array: '0-3,6%2',
      output: '/data/mine/slurm/%A_%a.log',
      'cpus-per-task': '4',
      time: '12:00:00',
      mem: '8G',
      partition: 'long',
      account: 'vision',
      signal: 'B:USR1@120',
      requeue: '',
    });
  });

  it('leaves limits that are not given to the cluster', () => {
    const names = Object.keys(directives(slurmScript('/data/mine', [0], COMMAND, {})));
    for (const name of ['time', 'mem', 'partition', 'account']) expect(names).not.toContain(name);
  });

  it('puts extra lines after its own options, which they override, and before the commands', () => {
    const script = slurmScript('/data/mine', [0], COMMAND, { lines: '#SBATCH --signal=B:USR1@30\nmodule load node\n' });
    expect(directives(script)).toMatchObject({ signal: 'B:USR1@30' });
    expect(script.lastIndexOf('#SBATCH')).toBeLessThan(script.indexOf('module load node'));
    expect(script.indexOf('module load node')).toBeLessThan(script.indexOf('/opt/node'));
  });

  it('quotes paths for the shell and for sbatch', () => {
    const script = slurmScript("/data/it's 5% mine", [0], ['/opt/node', "it's $HOME"], {});
    expect(script).toContain(String.raw`/opt/node 'it'\''s $HOME' "$SLURM_ARRAY_TASK_ID"`);
    expect(script).toContain(`--output="/data/it's 5%% mine/slurm/%A_%a.log"`);
  });

  it.each([
    ['a time', { time: 'tomorrow' }],
    ['a time without seconds', { time: '1:00:0' }],
    ['four minutes', { time: '4' }],
    ['four minutes and 59 seconds', { time: '4:59' }],
    ['four minutes, with hours', { time: '0:04:00' }],
    ['no hours and four minutes, with days', { time: '0-0:04' }],
    ['a memory', { memory: '4 GB' }],
    ['a partition', { partition: 'a"b' }],
    ['an account of two lines', { account: 'a\n#SBATCH --uid=0' }],
  ])('refuses %s', (_, options) => {
    expect(() => slurmScript('/data/mine', [0], COMMAND, options)).toThrow(expect.objectContaining({ code: 'USAGE' }));
  });

  it.each(['5', '5:00', '0:05:00', '0-0:05', '1-0', '0'])('accepts a time limit of %s', (time) => {
    expect(slurmScript('/data/mine', [0], COMMAND, { time })).toContain(`#SBATCH --time=${time}\n`);
  });

  it('accepts a short time limit with another signal', () => {
    expect(() =>
      slurmScript('/data/mine', [0], COMMAND, { time: '1', lines: '#SBATCH --signal=B:USR1@10' }),
    ).not.toThrow();
  });
});

it.each([
  [[0], '0'],
  [[0, 1, 2], '0-2'],
  [[0, 2, 3, 9], '0,2-3,9'],
])('indexRanges(%j)', (indexes, ranges) => expect(indexRanges(indexes)).toBe(ranges));
