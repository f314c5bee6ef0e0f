import { parseRecipe as parse } from './parse-recipe';
import type { Recipe, TaggerModelRecipe } from './recipe';
import type { RecipeError } from './recipe-error';

/** The recipe of a Tagger. */
const parseRecipe = (json: unknown) => parse(json) as Recipe & { readonly model: TaggerModelRecipe };

/** As little as a recipe may be. */
const minimal = {
  name: 'mine',
  data: { type: 'shapes' },
  model: {
    noise: { type: 'bitflip' },
    core: { type: 'projected', hiddenSize: 30, mapping: { type: 'ladder', sizes: [20, 10] } },
  },
  training: { steps: 7 },
};

/** The minimal recipe with one part of it replaced. */
const withPart = (part: object) => ({ ...minimal, ...part });
const withModel = (part: object) => withPart({ model: { ...minimal.model, ...part } });
const withMapping = (mapping: object) => withModel({ core: { type: 'projected', hiddenSize: 30, mapping } });
const withTraining = (part: object) => withPart({ training: { steps: 7, ...part } });

function errorOf(json: unknown): RecipeError {
  try {
    parseRecipe(json);
  } catch (error) {
    return error as RecipeError;
  }
  throw new Error('The recipe was accepted.');
}

describe('a minimal recipe', () => {
  it('gets defaults', () => {
    expect(parseRecipe(minimal)).toEqual({
      checkpoint: { everySeconds: 120, keep: 3, best: 'cost' },
      name: 'mine',
      description: '',
      data: {
        type: 'shapes',
        seed: 0,
        canvas: [20, 20],
        shapesPerImage: 3,
        sizes: { train: 50_000, validation: 10_000, test: 10_000 },
      },
      model: {
        groups: 4,
        iterations: 3,
        initialPrediction: 'data',
        predictionInput: 'probability',
        noise: { type: 'bitflip', probability: 0.2 },
        core: {
          type: 'projected',
          hiddenSize: 30,
          norm: 'layer',
          predictionInit: 'constant',
          mapping: { type: 'ladder', sizes: [20, 10], gate: 'sigmoid' },
        },
      },
      training: {
        seed: 0,
        batchSize: 100,
        steps: 7,
        optimizer: { learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
        schedule: { type: 'constant', warmupSteps: 0, holdFraction: 0, finalFraction: 0.01 },
        clipNorm: null,
        ema: null,
        classification: null,
        skipNonFinite: 0,
      },
      evaluation: {
        examples: 1000,
        iterations: 5,
        batchSize: 100,
        statistics: 'batch',
        figureExamples: 8,
      },
    });
  });

  it('is equal when parsed again, also from JSON text', () => {
    const recipe = parseRecipe(minimal);
    expect(parseRecipe(recipe)).toEqual(recipe);
    expect(parseRecipe(JSON.parse(JSON.stringify(recipe)))).toEqual(recipe);
  });

  it('is not modified, and the result is frozen', () => {
    const given = structuredClone(minimal);
    const recipe = parseRecipe(given);
    expect(given).toEqual(minimal);
    expect(Object.isFrozen(recipe) && Object.isFrozen(recipe.training.optimizer)).toBe(true);
    expect(Object.isFrozen(given.model.core.mapping.sizes)).toBe(false);
  });

  it('may name its schema for editors', () => {
    expect(parseRecipe({ $schema: './recipe.schema.json', ...minimal })).toEqual(parseRecipe(minimal));
  });

  it('may call training.ema averaging, as recipes once did, but not both', () => {
    const averaging = { decay: 0.9 };
    expect(parseRecipe(withPart({ training: { steps: 7, averaging } }))).toEqual(
      parseRecipe(withPart({ training: { steps: 7, ema: averaging } })),
    );
    expect(() => parseRecipe(withPart({ training: { steps: 7, averaging, ema: null } }))).toThrow(
      expect.objectContaining({
        code: 'INVALID_RECIPE',
        issues: [expect.objectContaining({ path: 'training.averaging' })],
      }),
    );
  });
});

describe('an optional value', () => {
  it('is absent if missing, undefined or null', () => {
    const { training, evaluation, model } = parseRecipe(
      withPart({
        model: {
          ...minimal.model,
          core: {
            type: 'projected',
            hiddenSize: 3,
            mapping: { type: 'ladder', sizes: [2], norm: null, classes: undefined },
          },
        },
        training: { steps: 7, epochs: null, maxMinutes: undefined },
        evaluation: { everySteps: null, everySeconds: null, groups: null },
      }),
    );
    expect(Object.keys(training)).not.toEqual(expect.arrayContaining(['epochs']));
    expect(Object.keys(training)).not.toEqual(expect.arrayContaining(['maxMinutes']));
    expect(Object.keys(evaluation)).toEqual(['examples', 'iterations', 'batchSize', 'statistics', 'figureExamples']);
    expect(model.core.mapping).toEqual({ type: 'ladder', sizes: [2], gate: 'sigmoid' });
  });

  it('is kept if present', () => {
    const { training, evaluation } = parseRecipe(
      withPart({
        training: { steps: 7, epochs: 0.5, maxMinutes: 2, clipNorm: 1, ema: {} },
        evaluation: { everySteps: 3, everySeconds: 9, groups: 6 },
      }),
    );
    expect(training).toMatchObject({ steps: 7, epochs: 0.5, maxMinutes: 2, clipNorm: 1, ema: { decay: 0.999 } });
    expect(evaluation).toMatchObject({ everySteps: 3, everySeconds: 9, groups: 6 });
  });
});

describe('components', () => {
  it('of built-in types get their defaults', () => {
    expect(parseRecipe(withModel({ noise: { type: 'gaussian' } })).model.noise).toEqual({
      type: 'gaussian',
      standardDeviation: 0.2,
      form: 'algorithm',
    });
    expect(parseRecipe(withMapping({ type: 'mlp', sizes: [] })).model.core.mapping).toEqual({ type: 'mlp', sizes: [] });
  });

  it('of other types keep any JSON options', () => {
    const noise = { type: 'poisson', rate: 3 };
    const core = { type: './conv.mjs#core', filters: [[1, 2], { deep: null }], probability: 7 };
    expect(parseRecipe(withModel({ noise, core })).model).toMatchObject({ noise, core });
    const mapping = { type: '@me/codebook', codes: 12, sizes: 'none' };
    expect(parseRecipe(withMapping(mapping)).model.core.mapping).toEqual(mapping);
  });

  it('with classes have a top layer of size classes + 1', () => {
    expect(parseRecipe(withMapping({ type: 'ladder', sizes: [20, 11], classes: 10 })).model.core.mapping).toMatchObject(
      {
        classes: 10,
      },
    );
    expect(errorOf(withMapping({ type: 'ladder', sizes: [20, 10], classes: 10 })).issues).toEqual([
      { path: 'model.core.mapping.sizes.1', expected: expect.any(String), got: '10' },
    ]);
  });
});

describe('an invalid recipe', () => {
  it('is refused with a list of all problems', () => {
    const error = errorOf({
      ...minimal,
      model: { ...minimal.model, groups: 0 },
      training: { batchsize: 10, optimizer: { beta1: 'high' } },
      evaluation: { statistics: 'batches' },
    });
    expect(error.name).toBe('RecipeError');
    expect(error.code).toBe('INVALID_RECIPE');
    expect(error.message).toMatchSnapshot();
    expect(error.issues.map(({ path }) => path)).toEqual([
      'model.groups',
      'training.optimizer.beta1',
      'training.batchsize',
      'evaluation.statistics',
    ]);
  });

  it.each<[string, unknown]>([
    ['', null],
    ['', 'shapes'],
    ['name', withPart({ name: 'a/b' })],
    ['name', withPart({ name: '' })],
    ['data', withPart({ data: undefined })],
    ['data.type', withPart({ data: { type: 'shape' } })],
    ['data.canvas.1', withPart({ data: { type: 'shapes', canvas: [20, 11] } })],
    ['data.sizes.train', withPart({ data: { type: 'shapes', sizes: { train: 0 } } })],
    ['model.iterations', withModel({ iterations: 2.5 })],
    ['model.initialPrediction', withModel({ initialPrediction: 'dat' })],
    ['model.initialPrediction', withModel({ initialPrediction: 1 })],
    ['model.noise', withModel({ noise: undefined })],
    ['model.noise', withModel({ noise: 'bitflip' })],
    ['model.noise', withModel({ noise: { probability: 0.1 } })],
    ['model.noise.type', withModel({ noise: { type: '' } })],
    ['model.noise.probability', withModel({ noise: { type: 'bitflip', probability: 0.5 } })],
    ['model.noise.standardDeviation', withModel({ noise: { type: 'bitflip', standardDeviation: 1 } })],
    ['model.noise.std', withModel({ noise: { type: 'gaussian', std: 0.2 } })],
    ['model.noise.form', withModel({ noise: { type: 'gaussian', form: 'exakt' } })],
    ['model.core.hiddenSize', withModel({ core: { type: 'projected', mapping: { type: 'x' } } })],
    ['model.core.mapping', withModel({ core: { type: 'projected', hiddenSize: 1 } })],
    ['model.core.mapping.sizes', withMapping({ type: 'ladder' })],
    ['model.core.mapping.sizes', withMapping({ type: 'ladder', sizes: [] })],
    ['model.core.mapping.sizes.1', withMapping({ type: 'ladder', sizes: [20, 1] })],
    ['model.core.mapping.sizes.0', withMapping({ type: 'mlp', sizes: ['20'] })],
    ['model.core.mapping.gate', withMapping({ type: 'mlp', sizes: [], gate: 1 })],
    ['training.seed', withTraining({ seed: true })],
    ['training.epochs', withTraining({ epochs: 0 })],
    ['training.clipNorm', withTraining({ clipNorm: -1 })],
    ['training.ema', withTraining({ ema: 0.99 })],
    ['training.ema.decay', withTraining({ ema: { decay: 1 } })],
    ['training.schedule.type', withTraining({ schedule: { type: 'step' } })],
    ['training.schedule.finalFraction', withTraining({ schedule: { finalFraction: 2 } })],
    ['training.steps', withPart({ training: {} })],
    ['training.steps', withPart({ training: { maxMinutes: 1, schedule: { type: 'linear' } } })],
    ['training.schedule.finalFraction', withTraining({ schedule: { type: 'exponential', finalFraction: 0 } })],
    ['training.batchSize', withPart({ data: { type: 'shapes', sizes: { train: 50 } } })],
    ['extra', withPart({ extra: 1 })],
  ])('reports the path %s of a wrong value, and what is expected there', (path, json) => {
    const { issues } = errorOf(json);
    expect(issues.map((issue) => issue.path)).toEqual([path]);
    expect(issues[0]!.expected).toMatchSnapshot();
  });

  it('reports the value found', () => {
    const gotOf = (json: unknown) => errorOf(json).issues[0]?.got;
    expect(gotOf(withPart({ data: undefined }))).toBe('nothing');
    expect(gotOf(withPart({ training: {} }))).toBe('nothing');
    expect(gotOf(withPart({ data: { type: 'shapes', sizes: { train: 50 } } }))).toBe('100');
    expect(gotOf(withModel({ groups: 'x'.repeat(99) }))).toBe(`"${'x'.repeat(56)}...`);
  });

  it.each([
    ['batchSize', withTraining({ bachSize: 1 })],
    ['maxMinutes', withTraining({ maxminutes: 1 })],
    ['cosine', withTraining({ schedule: { type: 'cosin' } })],
    ['data', withModel({ initialPrediction: 'dat' })],
    ['probability', withModel({ noise: { type: 'bitflip', probabilty: 0.1 } })],
  ])('suggests %s', (suggestion, json) => {
    expect(errorOf(json).issues[0]?.suggestion).toBe(suggestion);
  });

  it('gets no suggestion if no word is similar', () => {
    expect(errorOf(withTraining({ colour: 1 })).issues[0]).not.toHaveProperty('suggestion');
  });
});

describe('a value that is not JSON', () => {
  const cycle: Record<string, unknown> = { type: 'mine' };
  cycle.self = cycle;

  it.each<[string, string, unknown]>([
    ['training.steps', 'NaN', withPart({ training: { steps: NaN } })],
    ['model.noise.f', 'a function', withModel({ noise: { type: 'mine', f: () => 1 } })],
    ['model.noise.at', 'a Date', withModel({ noise: { type: 'mine', at: new Date(0) } })],
    ['model.noise.self', 'a circular reference', withModel({ noise: cycle })],
    [
      'model.noise',
      'the key __proto__',
      withModel({ noise: JSON.parse('{ "type": "mine", "__proto__": { "x": 1 } }') }),
    ],
  ])('is refused at %s: %s', (path, got, json) => {
    expect(errorOf(json)).toMatchObject({
      code: 'INVALID_RECIPE',
      issues: [{ path, got, expected: 'a JSON value' }],
    });
  });
});
