import { extractOverrides } from './recipe-values';

describe('extractOverrides', () => {
  it('takes flags that name a place in the recipe out of the command line', () => {
    const argv = ['train', 'shapes', '--training.batchSize', '50', '--model.groups=3', '--out', 'runs/a'];
    expect(extractOverrides(argv)).toEqual({
      rest: ['train', 'shapes', '--out', 'runs/a'],
      overrides: { 'training.batchSize': '50', 'model.groups': '3' },
    });
  });

  it('takes --set PATH=VALUE, the value holding further equals signs', () => {
    expect(extractOverrides(['--set', 'training.seed=a=b', '--set=model.groups=2']).overrides).toEqual({
      'training.seed': 'a=b',
      'model.groups': '2',
    });
  });

  it('leaves everything after -- alone', () => {
    expect(extractOverrides(['--', '--model.groups=3'])).toEqual({ rest: ['--', '--model.groups=3'], overrides: {} });
  });

  it.each([
    [['--training.batchSize'], /--training.batchSize needs a value/],
    [['--set'], /--set needs a value/],
    [['--set', 'batchSize'], /PATH=VALUE.*'batchSize'/],
  ])('refuses %j', (argv, message) => {
    expect(() => extractOverrides(argv)).toThrow(message);
  });
});
