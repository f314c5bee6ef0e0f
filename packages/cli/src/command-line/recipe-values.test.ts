import { getRecipe, overrideRecipe } from '@taggerjs/recipes';

import { addRecipeValue, COMMON_PATHS, similarRecipeOption, withSetOptions } from './recipe-values';

describe('withSetOptions', () => {
  it('rewrites options that name a value of the recipe', () => {
    const argv = ['shapes', '--training.batchSize', '50', '--model.groups=3', '--out', 'runs/a', '--other.x', '1'];
    expect(withSetOptions(argv)).toEqual([
      ...['shapes', '--set=training.batchSize=50', '--set=model.groups=3', '--out', 'runs/a', '--other.x', '1'],
    ]);
  });

  it('leaves words after -- alone', () => {
    expect(withSetOptions(['--', '--model.groups=3'])).toEqual(['--', '--model.groups=3']);
  });
});

describe('addRecipeValue', () => {
  it('adds a value, which may contain equals signs', () => {
    expect(addRecipeValue('training.seed=a=b', { 'model.groups': '2' })).toEqual({
      'model.groups': '2',
      'training.seed': 'a=b',
    });
  });

  it.each(['batchSize', '=3'])('refuses %j, which lacks a path', (given) => {
    expect(() => addRecipeValue(given, {})).toThrow(expect.objectContaining({ code: 'commander.invalidArgument' }));
  });
});

describe('similarRecipeOption', () => {
  it.each([
    ['--bacth', '--training.batchSize'],
    ['--batch', '--training.batchSize'],
    ['--learningrate', '--training.optimizer.learningRate'],
    ['--hidden', '--model.core.hiddenSize'],
    ['--verbose', undefined],
    ['--x', undefined],
  ])('%s means %s', (flag, option) => expect(similarRecipeOption(flag)).toBe(option));

  it.each(COMMON_PATHS)('suggests %s, which recipes have', (path) => {
    // Another error would be about the value.
    expect(() => overrideRecipe(getRecipe('shapes-quick'), { [path]: {} })).toThrow(
      expect.objectContaining({ code: 'INVALID_RECIPE' }),
    );
  });
});
