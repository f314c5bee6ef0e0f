import { overrideRecipe } from './override-recipe';
import { parseRecipe } from './parse-recipe';
import type { ClassifierModelRecipe, ComponentRecipe, Recipe, TaggerModelRecipe } from './recipe';
import { getRecipe, recipes } from './recipes';

describe('recipes', () => {
  it('are stored by name', () => {
    for (const [name, recipe] of Object.entries(recipes)) expect(recipe.name).toBe(name);
    expect(Object.keys(recipes)).toEqual([
      'shapes-quick',
      'shapes-small',
      'shapes',
      'shapes-paper',
      'texture-mnist-2-small',
      'texture-mnist-2',
      'texture-mnist-2-classify-small',
      'texture-mnist-2-classify',
      'texture-mnist-2-mlp-small',
      'texture-mnist-2-mlp',
      'texture-mnist-2-ladder-small',
      'texture-mnist-2-ladder',
      'texture-mnist-2-convnet-small',
      'texture-mnist-2-convnet',
      'texture-mnist-2-conv-small',
      'texture-mnist-2-spectral-small',
      'tetrominoes-small',
      'multi-dsprites-small',
      'ladder-mnist-100',
    ]);
  });

  it('have descriptions', () => {
    for (const { description } of Object.values(recipes)) expect(description).toMatch(/^[A-Z].{40,}\.$/);
  });

  it('are complete, frozen JSON', () => {
    for (const recipe of Object.values(recipes)) {
      expect(parseRecipe(JSON.parse(JSON.stringify(recipe)))).toEqual(recipe);
      const { model } = recipe;
      expect(Object.isFrozen(model.type === 'classifier' ? model.network : model.core.mapping)).toBe(true);
    }
    expect(Object.isFrozen(recipes)).toBe(true);
  });
});

describe('shapes-paper', () => {
  // The authors' released code: sizes 2000-1000-500, 4 groups, 3 iterations (5 in testing), noise 0.2, learning rate
  // 4e-4, 100 epochs, batches of 100, batch normalization by the statistics of the batch, linear gate, z^0 = 0.26.
  it('is the experiment of the paper', () => {
    const { data, model, training, evaluation } = getRecipe('shapes-paper');
    expect(data).toMatchObject({
      type: 'shapes',
      canvas: [20, 20],
      shapesPerImage: 3,
      sizes: { train: 50_000, validation: 10_000, test: 10_000 },
    });
    expect(model).toEqual({
      groups: 4,
      iterations: 3,
      initialPrediction: 0.26,
      predictionInput: 'probability',
      noise: { type: 'bitflip', probability: 0.2 },
      core: {
        type: 'projected',
        hiddenSize: 2000,
        norm: 'batch',
        predictionInit: 'constant',
        mapping: { type: 'ladder', sizes: [1000, 500], gate: 'linear' },
      },
    });
    expect(training).toMatchObject({
      batchSize: 100,
      epochs: 100,
      optimizer: { learningRate: 4e-4, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
      schedule: { type: 'constant', warmupSteps: 0 },
      clipNorm: null,
      ema: null,
    });
    expect(training).not.toHaveProperty('steps');
    expect(training).not.toHaveProperty('maxMinutes');
    expect(evaluation).toMatchObject({ iterations: 5, batchSize: 100, statistics: 'batch' });
  });
});

describe('shapes', () => {
  it('is shapes-paper with layer normalization, a sigmoid gate and the mean of the data', () => {
    const paper = getRecipe('shapes-paper');
    const { name: _name, description: _description, ...rest } = getRecipe('shapes');
    expect(rest).toEqual({
      checkpoint: paper.checkpoint,
      data: paper.data,
      model: {
        ...paper.model,
        initialPrediction: 'data',
        core: {
          ...(paper.model as TaggerModelRecipe).core,
          norm: 'layer',
          mapping: { type: 'ladder', sizes: [1000, 500], gate: 'sigmoid' },
        },
      },
      training: paper.training,
      evaluation: paper.evaluation,
    });
  });
});

describe('shapes-quick', () => {
  it('ends after five minutes and evaluates on 1,000 images at 5 iterations', () => {
    const { training, evaluation } = getRecipe('shapes-quick');
    expect(training.maxMinutes).toBe(5);
    expect(evaluation).toMatchObject({ examples: 1000, iterations: 5 });
  });

  it('has the linear gate and feeds logits back', () => {
    expect(getRecipe('shapes-quick')).toMatchObject({
      model: { predictionInput: 'logit', core: { mapping: { gate: 'linear' } } },
      training: { optimizer: { learningRate: 4e-3, beta1: 0.9, beta2: 0.99 } },
    });
  });
});

describe('shapes-small', () => {
  it('differs from shapes-quick in gate, feedback, beta2 and length', () => {
    const quick = getRecipe('shapes-quick');
    const small = getRecipe('shapes-small');
    const { schedule, clipNorm, batchSize } = quick.training;
    expect(small.training).toMatchObject({ schedule, clipNorm, batchSize, steps: 25_000, optimizer: { beta2: 0.999 } });
    expect(small.training.maxMinutes).toBeUndefined();
    const settings = { 'model.core.mapping.gate': 'linear', 'model.predictionInput': 'logit' };
    expect(overrideRecipe(small, settings)).toMatchObject({ data: quick.data, model: quick.model });
  });
});

describe('texture-mnist-2', () => {
  // The authors' released code: sizes 3000-2000-1000, 4 groups, 3 iterations (5 in testing), Gaussian noise 0.2, learning
  // rate 1e-3, 150 epochs, batches of 100, sigmoid gate, z^0 = 0.5.
  it('is the unsupervised experiment of the paper', () => {
    const { data, model, training, evaluation } = getRecipe('texture-mnist-2');
    expect(data).toEqual({
      type: 'texture-mnist-2',
      seed: 0,
      sizes: { train: 50_000, validation: 10_000, test: 10_000 },
    });
    expect(model).toMatchObject({
      groups: 4,
      iterations: 3,
      initialPrediction: 0.5,
      noise: { type: 'gaussian', standardDeviation: 0.2 },
      core: { hiddenSize: 3000, mapping: { type: 'ladder', sizes: [2000, 1000], gate: 'sigmoid' } },
    });
    expect(training).toMatchObject({ batchSize: 100, epochs: 150, optimizer: { learningRate: 1e-3 } });
    expect(evaluation).toMatchObject({ iterations: 5, batchSize: 100 });
  });
});

describe('ladder-mnist-100', () => {
  // Rasmus et al.: 784-1000-500-250-250-250-10, noise 0.3, lambda 1000, 10, 0.1 ..; Adam with 0.002, falling to zero over the
  // last third; 100 labels, all of them in every batch.
  it('is the experiment of the paper except for the number of epochs', () => {
    const { data, model, training, evaluation } = getRecipe('ladder-mnist-100');
    expect(data).toEqual({ type: 'mnist' });
    expect(model).toEqual({
      type: 'classifier',
      classes: 10,
      network: {
        type: 'ladder-network',
        sizes: [1000, 500, 250, 250, 250],
        costWeights: [1000, 10, 0.1, 0.1, 0.1, 0.1, 0.1],
        noiseStandardDeviation: 0.3,
        gate: 'linear',
      },
    });
    expect(training).toMatchObject({
      batchSize: 100,
      optimizer: { learningRate: 2e-3 },
      schedule: { type: 'linear', warmupSteps: 0, holdFraction: 2 / 3, finalFraction: 0 },
      classification: { labels: 100, batchSize: 100 },
    });
    expect(evaluation).toMatchObject({ examples: 10_000, statistics: 'calibrated' });
  });

  it('requires labels, and as many cost weights as layers', () => {
    const recipe = JSON.parse(JSON.stringify(getRecipe('ladder-mnist-100')));
    const { classification: _labels, ...training } = recipe.training;
    const issuesAt = (path: string) =>
      expect.objectContaining({ code: 'INVALID_RECIPE', issues: [expect.objectContaining({ path })] });
    expect(() => parseRecipe({ ...recipe, training })).toThrow(issuesAt('training.classification'));
    recipe.model.network.costWeights.pop();
    expect(() => parseRecipe(recipe)).toThrow(issuesAt('model.network.costWeights'));
  });
});

describe('getRecipe', () => {
  it('returns a recipe by name', () => {
    expect(getRecipe('shapes')).toBe(recipes.shapes);
  });

  it.each([
    ['shapes-quik', 'shapes-quick'],
    ['Shapes', 'shapes'],
    ['constructor', undefined],
    ['mnist', undefined],
  ])('refuses %p, suggesting %p', (name, suggestion) => {
    let error: unknown;
    try {
      getRecipe(name);
    } catch (caught) {
      error = caught;
    }
    expect(error).toMatchObject({ name: 'RecipeError', code: 'UNKNOWN_RECIPE' });
    expect((error as { issues: { suggestion?: string }[] }).issues[0]?.suggestion).toBe(suggestion);
  });
});

/** A recipe of a Tagger. */
const taggerRecipe = (name: string) => getRecipe(name) as Recipe & { readonly model: TaggerModelRecipe };

describe('texture-mnist-2-classify', () => {
  // Sizes 3000-2000-1000-500-250-11, 4 iterations, noise 0.18, learning rate 2e-4, 50 epochs, weight 0.1, 1,000 labels.
  it('is the second stage of the paper', () => {
    const { model, training, evaluation } = taggerRecipe('texture-mnist-2-classify');
    expect(model).toMatchObject({ groups: 4, iterations: 4 });
    expect(Object.values(model.noise)).toContain(0.18);
    expect(model.core).toMatchObject({
      hiddenSize: 3000,
      mapping: { type: 'ladder', sizes: [2000, 1000, 500, 250, 11], gate: 'sigmoid', classes: 10 },
    });
    expect(training).toMatchObject({
      epochs: 50,
      batchSize: 50,
      optimizer: { learningRate: 2e-4 },
      classification: { labels: 1000, batchSize: 50, weight: 0.1 },
    });
    expect(evaluation.iterations).toBe(5);
  });
});

it.each(['', '-small'])('texture-mnist-2-classify%s continues the unsupervised recipe', (size) => {
  const [first, second] = [taggerRecipe(`texture-mnist-2${size}`), taggerRecipe(`texture-mnist-2-classify${size}`)];
  const [below, above] = [first, second].map(({ model }) => model.core) as [ComponentRecipe, ComponentRecipe];
  const sizes = (below['mapping'] as { sizes: number[] }).sizes;
  expect((above['mapping'] as { sizes: number[] }).sizes.slice(0, sizes.length)).toEqual(sizes);
  expect({ ...above, mapping: null }).toEqual({ ...below, mapping: null });
  expect(second.data).toEqual(first.data);
  expect(second.model.noise).toMatchObject({ type: 'gaussian' });
});

describe.each(['-small', ''])('the baselines of texture-mnist-2-classify%s', (size) => {
  const { data, training, model } = taggerRecipe(`texture-mnist-2-classify${size}`);

  it.each(['mlp', 'ladder', 'convnet'])('%s: the same data, labels and, of dense layers, sizes', (name) => {
    const other = getRecipe(`texture-mnist-2-${name}${size}`);
    expect(other.data).toEqual(data);
    // The small ones have the time in common, in which the Tagger takes fewer examples.
    if (size === '') expect(other.training.batchSize).toBe(training.batchSize);
    expect(training.classification).toMatchObject({ labels: 1000, batchSize: training.batchSize });
    expect(other.training.classification).toMatchObject({ labels: 1000, batchSize: other.training.batchSize });
    expect(other.training.classification?.seed).toBe(training.classification?.seed);
    if (name === 'convnet') return;
    const { sizes } = model.core['mapping'] as { sizes: number[] };
    const network = (other.model as ClassifierModelRecipe).network;
    expect(network['sizes']).toEqual([model.core['hiddenSize'], ...sizes.slice(0, -1)]);
  });
});

it('texture-mnist-2-conv-small is texture-mnist-2-small with another core', () => {
  const [conv, small] = [taggerRecipe('texture-mnist-2-conv-small'), taggerRecipe('texture-mnist-2-small')];
  expect({ ...conv, name: '', description: '', model: { ...conv.model, core: null } }).toEqual({
    ...small,
    name: '',
    description: '',
    model: { ...small.model, core: null },
  });
  expect(conv.model.core).toMatchObject({ type: 'convolutional', channels: [16, 32, 64] });
});

it.each([
  ['tetrominoes-small', 4],
  ['multi-dsprites-small', 5],
])('%s has a group for each object and the background, and half an hour', (name, groups) => {
  const { model, training } = taggerRecipe(name);
  expect(model).toMatchObject({ groups, core: { prediction: 'uniform', assignmentSkip: true } });
  expect(training.maxMinutes).toBe(30);
});

it('texture-mnist-2-spectral-small computes as many images times iterations per step as texture-mnist-2-small', () => {
  const [spectral, small] = [taggerRecipe('texture-mnist-2-spectral-small'), taggerRecipe('texture-mnist-2-small')];
  const product = ({ training, model }: typeof spectral) => training.batchSize * model.iterations;
  expect(product(spectral)).toBe(product(small));
  expect(spectral.data).toEqual(small.data);
  expect(spectral.evaluation).toEqual(small.evaluation);
  expect(spectral.training.maxMinutes).toBe(small.training.maxMinutes);
  expect(spectral.model.core).toMatchObject({ type: 'spectral', channels: [8, 16] });
});
