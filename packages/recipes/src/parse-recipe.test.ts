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

describe('a recipe that says little', () => {
  it('gets the defaults for the rest', () => {
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

  it('is the same when it is parsed again, from JSON too', () => {
    const recipe = parseRecipe(minimal);
    expect(parseRecipe(recipe)).toEqual(recipe);
    expect(parseRecipe(JSON.parse(JSON.stringify(recipe)))).toEqual(recipe);
  });

  it('is left as it was, and the result is frozen', () => {
    const given = structuredClone(minimal);
    const recipe = parseRecipe(given);
    expect(given).toEqual(minimal);
    expect(Object.isFrozen(recipe) && Object.isFrozen(recipe.training.optimizer)).toBe(true);
    expect(Object.isFrozen(given.model.core.mapping.sizes)).toBe(false);
  });

  it('may name its schema, for editors', () => {
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

describe('what may be left out', () => {
  it('is absent, whether left out, undefined or null', () => {
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

  it('is kept where it is given', () => {
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
  it('of known types get their defaults', () => {
    expect(parseRecipe(withModel({ noise: { type: 'gaussian' } })).model.noise).toEqual({
      type: 'gaussian',
      standardDeviation: 0.2,
      form: 'algorithm',
    });
    expect(parseRecipe(withMapping({ type: 'mlp', sizes: [] })).model.core.mapping).toEqual({ type: 'mlp', sizes: [] });
  });

  it('of other types keep whatever JSON they have', () => {
    const noise = { type: 'poisson', rate: 3 };
    const core = { type: './conv.mjs#core', filters: [[1, 2], { deep: null }], probability: 7 };
    expect(parseRecipe(withModel({ noise, core })).model).toMatchObject({ noise, core });
    const mapping = { type: '@me/codebook', codes: 12, sizes: 'none' };
    expect(parseRecipe(withMapping(mapping)).model.core.mapping).toEqual(mapping);
  });

  it('that classify have a top layer of one more than the classes', () => {
    expect(parseRecipe(withMapping({ type: 'ladder', sizes: [20, 11], classes: 10 })).model.core.mapping).toMatchObject(
      {
        classes: 10,
      },
    );
    expect(errorOf(withMapping({ type: 'ladder', sizes: [20, 10], classes: 10 })).issues).toEqual([
      { path: 'model.core.mapping.sizes.1', expected: '11, one more than the classes', got: '10' },
    ]);
  });
});

describe('a recipe that is wrong', () => {
  it('is refused with everything that is wrong with it', () => {
    const error = errorOf({
      ...minimal,
      model: { ...minimal.model, groups: 0 },
      training: { batchsize: 10, optimizer: { beta1: 'high' } },
      evaluation: { statistics: 'batches' },
    });
    expect(error.name).toBe('RecipeError');
    expect(error.code).toBe('INVALID_RECIPE');
    expect(error.message).toBe(
      [
        "The recipe 'mine' is not valid:",
        '  model.groups: expected a whole number of at least 1, got 0',
        '  training.optimizer.beta1: expected a number of at least 0 and below 1, got "high"',
        '  training.batchsize: expected one of the keys seed, batchSize, steps, epochs, maxMinutes, optimizer, schedule, ' +
          'clipNorm, ema, classification, skipNonFinite, got the key "batchsize"; did you mean batchSize?',
        '  evaluation.statistics: expected one of "batch", "calibrated", got "batches"; did you mean batch?',
      ].join('\n'),
    );
    expect(error.issues.map(({ path }) => path)).toEqual([
      'model.groups',
      'training.optimizer.beta1',
      'training.batchsize',
      'evaluation.statistics',
    ]);
  });

  it.each<[string, string, unknown]>([
    ['', 'an object', null],
    ['', 'an object', 'shapes'],
    ['name', 'a name', withPart({ name: 'a/b' })],
    ['name', 'a name', withPart({ name: '' })],
    ['data', 'an object', withPart({ data: undefined })],
    ['data.type', '"shapes"', withPart({ data: { type: 'shape' } })],
    ['data.canvas.1', 'a whole number of at least 12', withPart({ data: { type: 'shapes', canvas: [20, 11] } })],
    ['data.sizes.train', 'a whole number of at least 1', withPart({ data: { type: 'shapes', sizes: { train: 0 } } })],
    ['model.iterations', 'a whole number of at least 1', withModel({ iterations: 2.5 })],
    ['model.initialPrediction', 'a number or "data"', withModel({ initialPrediction: 'dat' })],
    ['model.initialPrediction', 'a number above 0 and below 1', withModel({ initialPrediction: 1 })],
    ['model.noise', 'an object with a type, such as { "type": "bitflip" }', withModel({ noise: undefined })],
    ['model.noise', 'an object with a type', withModel({ noise: 'bitflip' })],
    ['model.noise', 'an object with a type', withModel({ noise: { probability: 0.1 } })],
    ['model.noise.type', 'a name (A registered name, or a module', withModel({ noise: { type: '' } })],
    ['model.noise.probability', 'above 0 and below 0.5', withModel({ noise: { type: 'bitflip', probability: 0.5 } })],
    [
      'model.noise.standardDeviation',
      'one of the keys type, probability',
      withModel({ noise: { type: 'bitflip', standardDeviation: 1 } }),
    ],
    [
      'model.noise.std',
      'one of the keys type, standardDeviation, form, initialVariance',
      withModel({ noise: { type: 'gaussian', std: 0.2 } }),
    ],
    ['model.noise.form', 'one of "algorithm"', withModel({ noise: { type: 'gaussian', form: 'exakt' } })],
    ['model.core.hiddenSize', 'a whole number', withModel({ core: { type: 'projected', mapping: { type: 'x' } } })],
    ['model.core.mapping', 'such as { "type": "ladder" }', withModel({ core: { type: 'projected', hiddenSize: 1 } })],
    ['model.core.mapping.sizes', 'a list', withMapping({ type: 'ladder' })],
    ['model.core.mapping.sizes', 'at least 1 of them', withMapping({ type: 'ladder', sizes: [] })],
    ['model.core.mapping.sizes.1', 'at least 2', withMapping({ type: 'ladder', sizes: [20, 1] })],
    ['model.core.mapping.sizes.0', 'a whole number', withMapping({ type: 'mlp', sizes: ['20'] })],
    ['model.core.mapping.gate', 'one of the keys type, sizes, norm', withMapping({ type: 'mlp', sizes: [], gate: 1 })],
    ['training.seed', 'a number or a string', withTraining({ seed: true })],
    ['training.epochs', 'a number above 0', withTraining({ epochs: 0 })],
    ['training.clipNorm', 'a number above 0 or null', withTraining({ clipNorm: -1 })],
    ['training.ema', 'an object or null', withTraining({ ema: 0.99 })],
    ['training.ema.decay', 'below 1', withTraining({ ema: { decay: 1 } })],
    ['training.schedule.type', 'one of "constant", "linear"', withTraining({ schedule: { type: 'step' } })],
    ['training.schedule.finalFraction', 'at most 1', withTraining({ schedule: { finalFraction: 2 } })],
    ['training.steps', 'one at least of steps, epochs and maxMinutes', withPart({ training: {} })],
    ['training.steps', 'steps or epochs', withPart({ training: { maxMinutes: 1, schedule: { type: 'linear' } } })],
    [
      'training.schedule.finalFraction',
      'above 0',
      withTraining({ schedule: { type: 'exponential', finalFraction: 0 } }),
    ],
    [
      'training.batchSize',
      'at most data.sizes.train, 50',
      withPart({ data: { type: 'shapes', sizes: { train: 50 } } }),
    ],
    ['extra', 'one of the keys name, description', withPart({ extra: 1 })],
  ])('says where and what: %s, %s', (path, expected, json) => {
    const { issues } = errorOf(json);
    expect(issues).toEqual([expect.objectContaining({ path, expected: expect.stringContaining(expected) })]);
  });

  it('says what was found', () => {
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

  it('suggests nothing where nothing is near', () => {
    expect(errorOf(withTraining({ colour: 1 })).issues[0]).not.toHaveProperty('suggestion');
  });
});

describe('what is not JSON', () => {
  const cycle: Record<string, unknown> = { type: 'mine' };
  cycle.self = cycle;

  it.each<[string, string, unknown]>([
    ['training.steps', 'NaN', withPart({ training: { steps: NaN } })],
    ['model.noise.f', 'a function', withModel({ noise: { type: 'mine', f: () => 1 } })],
    ['model.noise.at', 'an object Date', withModel({ noise: { type: 'mine', at: new Date(0) } })],
    ['model.noise.self', 'an object that holds itself', withModel({ noise: cycle })],
    ['model.noise', 'a key __proto__', withModel({ noise: JSON.parse('{ "type": "mine", "__proto__": { "x": 1 } }') })],
  ])('is refused at %s: %s', (path, got, json) => {
    expect(errorOf(json)).toMatchObject({
      code: 'INVALID_RECIPE',
      issues: [{ path, got, expected: 'a value that JSON can hold' }],
    });
  });
});
