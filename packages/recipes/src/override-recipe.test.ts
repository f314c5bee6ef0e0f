import type { Json } from './json';
import { overrideRecipe } from './override-recipe';
import type { Recipe, TaggerModelRecipe } from './recipe';
import type { RecipeError } from './recipe-error';
import { getRecipe } from './recipes';

/** A recipe of a Tagger. */
type TaggerRecipe = Recipe & { readonly model: TaggerModelRecipe };

const quick = getRecipe('shapes-quick') as TaggerRecipe;

const override = (recipe: Recipe, overrides: Readonly<Record<string, Json>>) =>
  overrideRecipe(recipe, overrides) as TaggerRecipe;

function errorOf(overrides: Record<string, Json>, recipe: Recipe = quick): RecipeError {
  try {
    overrideRecipe(recipe, overrides);
  } catch (error) {
    return error as RecipeError;
  }
  throw new Error('The overrides were accepted.');
}

describe('overrideRecipe', () => {
  it('changes only the given values', () => {
    const changed = override(quick, { 'training.batchSize': 50, 'model.core.mapping.sizes': [20, 10] });
    const expected = structuredClone(quick) as { -readonly [Key in keyof Recipe]: Recipe[Key] };
    expected.training = { ...quick.training, batchSize: 50 };
    expected.model = {
      ...quick.model,
      core: { ...quick.model.core, mapping: { ...(quick.model.core.mapping as object), sizes: [20, 10] } },
    };
    expect(changed).toEqual(expected);
  });

  it('does not modify its arguments', () => {
    const before = structuredClone(quick);
    const sizes = [20, 10];
    override(quick, { 'model.core.mapping.sizes': sizes, 'model.core.mapping.sizes.0': 30 });
    expect(quick).toEqual(before);
    expect(sizes).toEqual([20, 10]);
  });

  it('parses strings as JSON if possible', () => {
    const changed = override(quick, {
      'training.batchSize': '50',
      'training.steps': '1e3',
      'training.schedule.type': 'cosine',
      'training.seed': '"7"',
      'model.core.mapping.sizes': '[20, 10]',
      'training.maxMinutes': 'null',
      description: 'smaller',
    });
    expect(changed.training).toMatchObject({ batchSize: 50, steps: 1000, schedule: { type: 'cosine' }, seed: '7' });
    expect(changed.model.core.mapping).toMatchObject({ sizes: [20, 10] });
    expect(changed.training).not.toHaveProperty('maxMinutes');
    expect(changed.description).toBe('smaller');
  });

  it('sets missing values', () => {
    const { training, evaluation } = override(quick, {
      'training.ema.decay': 0.9,
      'evaluation.everySteps': 10,
    });
    expect(training.ema).toEqual({ decay: 0.9 });
    expect(evaluation.everySteps).toBe(10);
  });

  it('still knows training.averaging, the former name of training.ema', () => {
    expect(override(quick, { 'training.averaging.decay': 0.9 }).training.ema).toEqual({ decay: 0.9 });
    expect(override(quick, { 'training.averaging': null }).training.ema).toBeNull();
  });

  it('sets an element of a list', () => {
    const changed = override(quick, { 'data.canvas.1': 30, 'model.core.mapping.sizes.0': 40 });
    expect(changed.data).toMatchObject({ canvas: [20, 30] });
    expect(changed.model.core.mapping).toMatchObject({ sizes: [40, 125] });
  });

  it('replaces a complete part', () => {
    const core = { type: 'projected', hiddenSize: 9, mapping: { type: 'mlp', sizes: [8] } };
    expect(override(quick, { 'model.core': core }).model.core).toEqual({
      ...core,
      norm: 'layer',
      predictionInit: 'constant',
    });
  });

  it('applies a part before values within it, in any order', () => {
    const changed = override(quick, {
      'model.core.mapping.sizes.0': 33,
      'model.core.mapping': { type: 'mlp', sizes: [8, 7] },
    });
    expect(changed.model.core.mapping).toEqual({ type: 'mlp', sizes: [33, 7] });
  });

  it('removes the options of a component whose type changes', () => {
    const sizes = { 'model.core.mapping.sizes': [30] };
    expect(override(quick, { ...sizes, 'model.core.mapping.type': 'mlp' }).model.core.mapping).toEqual({
      type: 'mlp',
      sizes: [30],
    });
    expect(override(quick, { 'model.noise.type': 'gaussian' }).model.noise).toEqual({
      type: 'gaussian',
      standardDeviation: 0.2,
      form: 'algorithm',
    });
    expect(errorOf({ 'model.core.mapping.type': 'mlp' }).issues[0]?.path).toBe('model.core.mapping.sizes');
  });

  it('keeps the options of a component whose type stays', () => {
    expect(override(quick, { 'model.core.mapping.type': 'ladder' })).toEqual(quick);
  });

  it('keeps the other options of a schedule whose type changes', () => {
    const { schedule } = override(quick, {
      'training.steps': 100,
      'training.schedule.warmupSteps': 9,
      'training.schedule.type': 'linear',
    }).training;
    const { finalFraction } = quick.training.schedule;
    expect(schedule).toEqual({ type: 'linear', warmupSteps: 9, holdFraction: 0, finalFraction });
  });

  it('sets any option of a component of an unknown type', () => {
    const changed = override(quick, {
      'model.core.mapping.type': './codebook.mjs',
      'model.core.mapping.codes': 12,
      'model.core.mapping.nested.deep': 'a word',
    });
    expect(changed.model.core.mapping).toEqual({ type: './codebook.mjs', codes: 12, nested: { deep: 'a word' } });
  });

  it.each([
    ['batchSize', 'training.batchSize'],
    ['training.batchsize', 'training.batchSize'],
    ['learningRate', 'training.optimizer.learningRate'],
    ['training.optimizer.learnigRate', 'training.optimizer.learningRate'],
    ['trainig.batchSize', 'training.batchSize'],
    ['model.mapping.sizes', 'model.core.mapping.sizes'],
    ['model.core.mapping.gat', 'model.core.mapping.gate'],
    ['sizes.validation', 'data.sizes.validation'],
    ['minutes', undefined],
    ['constructor', undefined],
    ['', undefined],
  ])('refuses %p and suggests %p', (path, suggestion) => {
    const error = errorOf({ [path]: 1 });
    expect(error).toMatchObject({ name: 'RecipeError', code: 'UNKNOWN_PATH' });
    expect(error.issues[0]?.suggestion).toBe(suggestion);
  });

  it.each([
    'training.batchSize.x',
    'model.core.mapping.sizes.2',
    'model.core.mapping.sizes.first',
    'model..groups',
    'training.ema.speed',
    '__proto__.polluted',
    'model.core.mapping.__proto__',
  ])('refuses the unknown path %p', (path) => {
    expect(errorOf({ [path]: 1 }).code).toBe('UNKNOWN_PATH');
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it('reports all unknown paths', () => {
    expect(errorOf({ foo: 1, 'training.bar': 2 }).issues.map(({ path }) => path)).toEqual(['foo', 'training.bar']);
  });

  it.each<[string, Json]>([
    ['training.batchSize', 0],
    ['training.batchSize', 'many'],
    ['training', 5],
    ['model.groups', null],
  ])('refuses an invalid value of %s: %p', (path, value) => {
    expect(errorOf({ [path]: value })).toMatchObject({ code: 'INVALID_RECIPE', issues: [{ path }] });
  });
});
