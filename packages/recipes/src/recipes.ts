import { closest } from './closest';
import { parseRecipe } from './parse-recipe';
import type { Recipe } from './recipe';
import { RecipeError } from './recipe-error';

/** What the two full-size Shapes recipes share: the source's experiment but for the normalization and the gate. */
const SHAPES = {
  data: { type: 'shapes' },
  noise: { type: 'bitflip', probability: 0.2 },
  core: { type: 'projected', hiddenSize: 2000 },
  mapping: { type: 'ladder', sizes: [1000, 500] },
  training: { seed: 1, batchSize: 100, epochs: 100, optimizer: { learningRate: 4e-4 } },
  evaluation: { everySteps: 500, examples: 1000, iterations: 5, batchSize: 100 },
} as const;

const shapesPaper = {
  name: 'shapes-paper',
  description:
    "The Shapes experiment of Greff et al. (2016) with the settings of its authors' released code: batch normalization " +
    "by the statistics of the batch, in testing too, and the Ladder's linear gate. Predictions are fed back as " +
    'probabilities, as in the paper; the code feeds back logits (model.predictionInput). The paper reports three hours on ' +
    'one Titan X.',
  data: SHAPES.data,
  model: {
    groups: 4,
    iterations: 3,
    initialPrediction: 0.26,
    noise: SHAPES.noise,
    core: { ...SHAPES.core, norm: 'batch', mapping: { ...SHAPES.mapping, gate: 'linear' } },
  },
  training: SHAPES.training,
  evaluation: { ...SHAPES.evaluation, statistics: 'batch' },
};

const shapes = {
  name: 'shapes',
  description:
    'The Shapes experiment at full size with layer normalization, which its authors found clearly better, and the ' +
    "Tagger's sigmoid gate: no result depends on the batch. As long as shapes-paper.",
  data: SHAPES.data,
  model: {
    groups: 4,
    iterations: 3,
    noise: SHAPES.noise,
    core: { ...SHAPES.core, norm: 'layer', mapping: { ...SHAPES.mapping, gate: 'sigmoid' } },
  },
  training: SHAPES.training,
  evaluation: SHAPES.evaluation,
};

const shapesQuick = {
  name: 'shapes-quick',
  description: 'A small Tagger that begins to group Shapes within five minutes on two CPU cores.',
  data: { type: 'shapes' },
  model: {
    groups: 4,
    iterations: 3,
    noise: { type: 'bitflip', probability: 0.2 },
    core: {
      type: 'projected',
      hiddenSize: 500,
      norm: 'layer',
      mapping: { type: 'ladder', sizes: [250, 125], gate: 'sigmoid' },
    },
  },
  training: {
    seed: 1,
    // Small batches and steps as large as they can be, until time is up; what is evaluated and saved is their average.
    batchSize: 50,
    steps: 4000,
    maxMinutes: 5,
    optimizer: { learningRate: 4e-3 },
    schedule: { type: 'constant', warmupSteps: 200 },
    clipNorm: 0.1,
    ema: { decay: 0.998 },
  },
  evaluation: { everySeconds: 60, examples: 1000, iterations: 5 },
};

const shapesSmall = {
  name: 'shapes-small',
  description: 'The small Tagger of shapes-quick, trained until it groups Shapes: an hour on two CPU cores.',
  data: shapesQuick.data,
  model: shapesQuick.model,
  // Steps stay as large to the end; their average takes the place of making them smaller.
  training: { ...shapesQuick.training, maxMinutes: undefined, steps: 25_000, ema: { decay: 0.999 } },
  evaluation: { ...shapesQuick.evaluation, everySeconds: 300 },
};

const textureMnist2 = {
  name: 'texture-mnist-2',
  description:
    'Two digits of texture over a textured background, without labels, at the size of Greff et al. (2016): 3000-2000-1000, ' +
    '150 epochs, with layer normalization in the place of batch normalization. Days on two CPU cores.',
  data: { type: 'texture-mnist-2' },
  model: {
    groups: 4,
    iterations: 3,
    initialPrediction: 0.5,
    noise: { type: 'gaussian', standardDeviation: 0.2 },
    core: {
      type: 'projected',
      hiddenSize: 3000,
      norm: 'layer',
      mapping: { type: 'ladder', sizes: [2000, 1000], gate: 'sigmoid' },
    },
  },
  training: { seed: 1, batchSize: 100, epochs: 150, optimizer: { learningRate: 1e-3 } },
  evaluation: { everySteps: 500, examples: 1000, iterations: 5, batchSize: 100 },
};

const textureMnist2Small = {
  name: 'texture-mnist-2-small',
  description:
    'A small Tagger of two digits of texture, twenty minutes: it comes to tell the middle of the image from the background.',
  data: { type: 'texture-mnist-2' },
  model: {
    groups: 4,
    iterations: 3,
    noise: { type: 'gaussian', standardDeviation: 0.2, form: 'residual' },
    core: {
      type: 'projected',
      hiddenSize: 500,
      norm: 'layer',
      predictionInit: 'constant',
      mapping: { type: 'ladder', sizes: [250, 125], gate: 'sigmoid' },
    },
  },
  training: {
    seed: 1,
    // As shapes-quick: steps as large as they can be, until time is up.
    batchSize: 32,
    steps: 20_000,
    maxMinutes: 20,
    optimizer: { learningRate: 4e-3 },
    schedule: { type: 'constant', warmupSteps: 100 },
    clipNorm: 0.1,
    ema: { decay: 0.998 },
  },
  evaluation: { everySeconds: 120, examples: 1000, iterations: 5 },
};

const textureMnist2Classify = {
  name: 'texture-mnist-2-classify',
  description:
    'Goes on from a run of texture-mnist-2 (--from RUN) with two further layers and the classes on top, as Greff et al. ' +
    '(2016): 3000-2000-1000-500-250-11, 1,000 labels, every class equally often, half of every batch labelled, classification ' +
    'cost of weight 0.1 at the last iteration, 50 epochs. Days on two CPU cores.',
  data: textureMnist2.data,
  model: {
    ...textureMnist2.model,
    iterations: 4,
    noise: { ...textureMnist2.model.noise, standardDeviation: 0.18 },
    core: {
      ...textureMnist2.model.core,
      mapping: { ...textureMnist2.model.core.mapping, sizes: [2000, 1000, 500, 250, 11], classes: 10 },
    },
  },
  training: {
    seed: 1,
    batchSize: 50,
    epochs: 50,
    optimizer: { learningRate: 2e-4 },
    classification: { labels: 1000, batchSize: 50, weight: 0.1 },
  },
  evaluation: textureMnist2.evaluation,
  checkpoint: { best: 'error' },
};

const textureMnist2ClassifySmall = {
  name: 'texture-mnist-2-classify-small',
  description:
    'Goes on from a run of texture-mnist-2-small (--from RUN) with a further layer and the classes on top, and learns from ' +
    '1,000 labels for ten minutes on two CPU cores.',
  data: textureMnist2Small.data,
  model: {
    ...textureMnist2Small.model,
    core: {
      ...textureMnist2Small.model.core,
      mapping: { ...textureMnist2Small.model.core.mapping, sizes: [250, 125, 60, 11], classes: 10 },
    },
  },
  training: {
    ...textureMnist2Small.training,
    batchSize: 16,
    maxMinutes: 10,
    optimizer: { learningRate: 2e-3 },
    classification: { labels: 1000, batchSize: 16, weight: 0.1 },
  },
  evaluation: textureMnist2Small.evaluation,
  checkpoint: { best: 'error' },
};

const ladderMnist100 = {
  name: 'ladder-mnist-100',
  description:
    'The Ladder on its own with 100 labels of MNIST: sizes, noise, weights and batches of Rasmus et al. (2015), who report ' +
    '1.06 % error after 150 epochs of 60,000 digits; 60 of 50,000 here, the learning rate falling over the last third: 1.8 % ' +
    'after an hour and a half on one CPU core.',
  data: { type: 'mnist' },
  model: {
    type: 'classifier',
    classes: 10,
    network: {
      type: 'ladder-network',
      sizes: [1000, 500, 250, 250, 250],
      costWeights: [1000, 10, 0.1, 0.1, 0.1, 0.1, 0.1],
      noiseStandardDeviation: 0.3,
    },
  },
  training: {
    seed: 1,
    batchSize: 100,
    epochs: 60,
    optimizer: { learningRate: 2e-3 },
    schedule: { type: 'linear', holdFraction: 2 / 3, finalFraction: 0 },
    classification: { labels: 100, seed: 1, batchSize: 100 },
  },
  evaluation: { everySteps: 2500, examples: 10_000, batchSize: 1000, statistics: 'calibrated' },
  checkpoint: { best: 'error' },
};

/** What the classifiers beside the Tagger share: its data, and its labels in batches of halves. */
const TEXTURE_BASELINE = {
  data: textureMnist2.data,
  evaluation: { everySteps: 1000, examples: 1000, batchSize: 1000, statistics: 'calibrated' },
  checkpoint: { best: 'error' },
} as const;

const baseline = (name: string, description: string, network: object, size: 'full' | 'small') => ({
  name: `texture-mnist-2-${name}${size === 'small' ? '-small' : ''}`,
  description,
  ...TEXTURE_BASELINE,
  model: { type: 'classifier', classes: 10, network },
  training: {
    batchSize: 50,
    ...(size === 'full' ? { epochs: 50 } : { steps: 10_000, maxMinutes: 30 }),
    optimizer: { learningRate: 1e-3 },
    schedule: { type: 'linear', holdFraction: 2 / 3, finalFraction: 0 },
    classification: { labels: 1000, batchSize: 50 },
  },
});

/** The layers between input and classes, and the denoising costs' weights: those of the input and of each layer on. */
const BASELINE_SIZES = { full: [3000, 2000, 1000, 500, 250], small: [500, 250, 125, 60] } as const;
const BASELINE_LABELS = '1,000 labels of two digits of texture, the classifier that a Tagger is held beside';

const [textureMnist2Mlp, textureMnist2MlpSmall] = (['full', 'small'] as const).map((size) =>
  baseline(
    'mlp',
    `A multilayer perceptron with batch normalization, ${BASELINE_SIZES[size].join('-')}: a Ladder without noise and ` +
      `decoder. ${BASELINE_LABELS}.`,
    {
      type: 'ladder-network',
      sizes: BASELINE_SIZES[size],
      costWeights: [0, ...BASELINE_SIZES[size].map(() => 0), 0],
      noiseStandardDeviation: 0,
    },
    size,
  ),
);

const [textureMnist2Ladder, textureMnist2LadderSmall] = (['full', 'small'] as const).map((size) =>
  baseline(
    'ladder',
    `The Ladder on its own, ${BASELINE_SIZES[size].join('-')}, with the noise and weights of ladder-mnist-100. ` +
      `${BASELINE_LABELS}.`,
    {
      type: 'ladder-network',
      sizes: BASELINE_SIZES[size],
      costWeights: [1000, 10, ...BASELINE_SIZES[size].map(() => 0.1)],
      noiseStandardDeviation: 0.3,
    },
    size,
  ),
);

const [textureMnist2Convnet, textureMnist2ConvnetSmall] = (
  [
    [
      'full',
      [
        [96, 96],
        [192, 192, 192],
        [192, 192],
      ],
    ],
    ['small', [[16], [32, 32], [64, 64]]],
  ] as const
).map(([size, stages]) =>
  baseline(
    'convnet',
    `A convolutional network without fully connected layers, of ${stages.flat().join('-')} channels, after Springenberg et ` +
      `al. (2015). ${BASELINE_LABELS}.`,
    { type: 'conv-network', stages },
    size,
  ),
);

const textureMnist2ConvSmall = {
  ...textureMnist2Small,
  name: 'texture-mnist-2-conv-small',
  description:
    'As texture-mnist-2-small, with convolutions in the place of the projections and the Ladder: what swapping the mapping ' +
    'buys in as many minutes.',
  model: {
    ...textureMnist2Small.model,
    core: {
      type: 'convolutional',
      channels: [16, 32, 64],
      norm: textureMnist2Small.model.core.norm,
      predictionInit: textureMnist2Small.model.core.predictionInit,
    },
  },
};

const textureMnist2SpectralSmall = {
  ...textureMnist2Small,
  name: 'texture-mnist-2-spectral-small',
  description:
    'Two digits of texture by a core in which a group predicts one texture all over the image, twenty minutes: three groups, four ' +
    'iterations, the exact modeling error. It comes to tell digits from the background.',
  model: {
    groups: 3,
    iterations: 4,
    noise: { type: 'gaussian', standardDeviation: 0.2, form: 'exact', initialVariance: 0.03 },
    core: { type: 'spectral', channels: [8, 16], sharpness: 0.15, norm: 'layer', predictionInit: 'data' },
  },
  training: { ...textureMnist2Small.training, batchSize: 24 },
  // Groups may get worse while denoising gets better.
  checkpoint: { best: 'ami' },
};

/** The recipes that come with the package, by name. */
export const recipes: Readonly<Record<string, Recipe>> = Object.freeze(
  Object.fromEntries(
    [
      shapesQuick,
      shapesSmall,
      shapes,
      shapesPaper,
      textureMnist2Small,
      textureMnist2,
      textureMnist2ClassifySmall,
      textureMnist2Classify,
      textureMnist2MlpSmall,
      textureMnist2Mlp,
      textureMnist2LadderSmall,
      textureMnist2Ladder,
      textureMnist2ConvnetSmall,
      textureMnist2Convnet,
      textureMnist2ConvSmall,
      textureMnist2SpectralSmall,
      ladderMnist100,
    ].map((recipe) => {
      const parsed = parseRecipe(recipe);
      return [parsed.name, parsed];
    }),
  ),
);

/**
 * The recipe of a name.
 *
 * @throws RecipeError `UNKNOWN_RECIPE` naming those there are
 */
export function getRecipe(name: string): Recipe {
  const recipe = Object.hasOwn(recipes, name) ? recipes[name] : undefined;
  if (recipe !== undefined) return recipe;
  const names = Object.keys(recipes);
  const suggestion = closest(String(name), names);
  const meant = suggestion === undefined ? `There are ${names.join(', ')}.` : `Did you mean '${suggestion}'?`;
  throw new RecipeError('UNKNOWN_RECIPE', `There is no recipe '${name}'. ${meant}`, [
    {
      path: '',
      expected: `the name of a recipe: ${names.join(', ')}`,
      got: JSON.stringify(name) ?? String(name),
      ...(suggestion === undefined ? {} : { suggestion }),
    },
  ]);
}
