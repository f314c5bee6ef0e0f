import { parseRecipe, recipes } from '@taggerjs/recipes';

import { headlineMeasure } from './headline-measure';

describe('headlineMeasure', () => {
  const at = { iteration: 1, cost: 0.5, ami: 0.5, groupsUsed: 3.5, entropy: 0.1 };
  const scores = { examples: 10, iterations: [{ ...at, ariForeground: 0.2 }] };
  const data = (type: string) => parseRecipe({ ...recipes['shapes-quick'], data: { type } }).data;

  it('is the AMI on Shapes and textured MNIST, and the foreground ARI on other data with a background', () => {
    expect(headlineMeasure(data('shapes'), scores)).toBe('ami');
    expect(headlineMeasure(data('texture-mnist-2'), scores)).toBe('ami');
    expect(headlineMeasure(data('tetrominoes'), scores)).toBe('ariForeground');
  });

  it('is the AMI if the background is unknown or nothing was measured', () => {
    expect(headlineMeasure(data('tetrominoes'), { examples: 10, iterations: [at] })).toBe('ami');
    expect(headlineMeasure(data('tetrominoes'), { examples: 0 })).toBe('ami');
  });
});
