import { getRecipe, overrideRecipe } from '@taggerjs/recipes';

import { overridesOf } from './overrides-of';

describe('overridesOf', () => {
  const named = getRecipe('shapes-quick');

  it('is empty for an unchanged recipe', () => {
    expect(overridesOf(named, named)).toEqual([]);
    expect(overridesOf({ ...named, description: 'In other words' }, named)).toEqual([]);
  });

  it('lists the flags that reproduce the recipe', () => {
    const changes = { 'training.steps': 40000, 'training.maxMinutes': null, 'model.core.mapping.sizes': [60, 30] };
    const recipe = overrideRecipe(named, changes);
    const flags = overridesOf(recipe, named);
    expect(flags).toContain('--set training.steps=40000');
    expect(flags).toContain('--set training.maxMinutes=null');
    const again = Object.fromEntries(flags.map((flag) => flag.replace('--set ', '').split('=') as [string, string]));
    expect(overrideRecipe(named, again)).toEqual(recipe);
  });
});
