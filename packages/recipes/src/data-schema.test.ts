import { overrideRecipe } from './override-recipe';
import { parseRecipe } from './parse-recipe';
import type { RecipeError } from './recipe-error';
import { getRecipe } from './recipes';

const quick = getRecipe('shapes-quick');
const withData = (data: unknown) => parseRecipe({ ...quick, data }).data;

function issuesOf(data: unknown) {
  try {
    withData(data);
  } catch (error) {
    return (error as RecipeError).issues;
  }
  throw new Error('The data were accepted.');
}

const SIZES = { train: 50_000, validation: 10_000, test: 10_000 };

it.each([
  [{ type: 'mnist' }, {}],
  [{ type: 'mnist', folder: 'digits' }, {}],
  [{ type: 'texture-mnist-1' }, { seed: 0, sizes: SIZES }],
  [
    { type: 'texture-mnist-2', sizes: { train: 200 }, folder: 'digits' },
    { seed: 0, sizes: { ...SIZES, train: 200 } },
  ],
  [
    { type: 'file', path: 'mine.npz' },
    { holdOut: { validation: 0.1, test: 0.1 }, seed: 0 },
  ],
  [
    { type: 'file', path: 'mine', inputShape: [8, 8], scale: 0.5, threshold: 0.5, holdOut: { test: 0.3 } },
    { holdOut: { validation: 0.1, test: 0.3 }, seed: 0 },
  ],
])('fills in the defaults of %j', (data, defaults) => {
  expect(withData(data)).toEqual({ ...data, ...defaults });
});

it.each([
  [{ type: 'shpaes' }, 'data.type', { suggestion: 'shapes' }],
  [{ type: 'mnist', seed: 1 }, 'data.seed', { expected: 'one of the keys type, folder' }],
  [{ type: 'texture-mnist-2', sizes: { train: 0 } }, 'data.sizes.train', {}],
  [{ type: 'file' }, 'data.path', { got: 'nothing' }],
  [{ type: 'file', path: 'x', holdOut: { test: 0.95 } }, 'data.holdOut', {}],
  [{ type: 'file', path: 'x', inputShape: [] }, 'data.inputShape', {}],
  [{}, 'data.type', { got: 'nothing' }],
  ['shapes', 'data', { got: '"shapes"' }],
])('refuses %j', (data, path, issue) => {
  expect(issuesOf(data)).toEqual([expect.objectContaining({ path, ...issue })]);
});

it('lists all types if one is unknown', () => {
  expect(issuesOf({ type: 'cats' })[0]).toMatchObject({
    path: 'data.type',
    expected: 'one of "shapes", "tetrominoes", "multi-dsprites", "mnist", "texture-mnist-1", "texture-mnist-2", "file"',
    got: '"cats"',
  });
});

it('removes the other options if the type changes', () => {
  expect(overrideRecipe(quick, { 'data.type': 'texture-mnist-1', 'data.seed': 3 }).data).toEqual({
    type: 'texture-mnist-1',
    seed: 3,
    sizes: SIZES,
  });
  expect(overrideRecipe(quick, { data: { type: 'file', path: 'x.npz' }, 'data.scale': 2 }).data).toMatchObject({
    type: 'file',
    path: 'x.npz',
    scale: 2,
  });
});
