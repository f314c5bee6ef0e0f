import { closest } from './closest';
import { parseRecipe } from './parse-recipe';
import type { Recipe } from './recipe';
import { RecipeError } from './recipe-error';

/** Shared by the two full-size Shapes recipes: the experiment of the paper except for normalization and gate. */
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
    "The Shapes experiment of Greff et al. (2016) with the settings of the authors' released code: batch normalization " +
    "with batch statistics (also when testing) and the Ladder's linear gate. The model feeds predictions back as " +
    'probabilities, as in the paper; the released code feeds back logits (model.predictionInput). The paper reports three ' +
    'hours on one Titan X.',
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
    'The Shapes experiment at full size with layer normalization, which the authors found clearly better, and a sigmoid ' +
    'gate. Results do not depend on the batch. Takes as long as shapes-paper.',
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
  description: 'A small Tagger that starts to group Shapes within five minutes on two CPU cores.',
  data: { type: 'shapes' },
  model: {
    groups: 4,
    iterations: 3,
    // Logits and the linear gate, as in the authors' released code: the model groups by object a thousand steps earlier.
    predictionInput: 'logit',
    noise: { type: 'bitflip', probability: 0.2 },
    core: {
      type: 'projected',
      hiddenSize: 500,
      norm: 'layer',
      mapping: { type: 'ladder', sizes: [250, 125], gate: 'linear' },
    },
  },
  training: {
    seed: 1,
    // Small batches and the largest stable learning rate until time is up. Evaluation and saving use the EMA.
    batchSize: 50,
    steps: 4000,
    maxMinutes: 5,
    optimizer: { learningRate: 4e-3, beta2: 0.99 },
    schedule: { type: 'constant', warmupSteps: 200 },
    clipNorm: 0.1,
    ema: { decay: 0.998 },
  },
  evaluation: { everySeconds: 60, examples: 1000, iterations: 5 },
};

const shapesSmall = {
  name: 'shapes-small',
  description:
    'A Tagger of the size of shapes-quick, with the sigmoid gate and probabilities as feedback: after an hour on one CPU ' +
    'core it groups Shapes.',
  data: shapesQuick.data,
  // Slower at first than shapes-quick, level with it after 16,000 steps; the pretrained model has these settings.
  model: {
    ...shapesQuick.model,
    predictionInput: 'probability',
    core: { ...shapesQuick.model.core, mapping: { ...shapesQuick.model.core.mapping, gate: 'sigmoid' } },
  },
  // The learning rate stays constant: the EMA replaces a decay.
  training: {
    ...shapesQuick.training,
    maxMinutes: undefined,
    steps: 25_000,
    optimizer: { learningRate: 4e-3 },
    ema: { decay: 0.999 },
  },
  evaluation: { ...shapesQuick.evaluation, everySeconds: 300 },
};

const textureMnist2 = {
  name: 'texture-mnist-2',
  description:
    'Two textured digits over a textured background, without labels, at the size of Greff et al. (2016): 3000-2000-1000, ' +
    '150 epochs, but with layer normalization instead of batch normalization. Takes days on two CPU cores.',
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
    'A small Tagger for two textured digits. After twenty minutes it separates the middle of the image from the background.',
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
    // As in shapes-quick: the largest stable learning rate until time is up.
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
    'Continues a run of texture-mnist-2 (--from RUN) with two more layers and the classes on top, like Greff et al. ' +
    '(2016): 3000-2000-1000-500-250-11, 1,000 labels balanced over classes, half of every batch labeled, a ' +
    'classification cost of weight 0.1 at the last iteration, 50 epochs. Takes days on two CPU cores.',
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
    'Continues a run of texture-mnist-2-small (--from RUN) with one more layer and the classes on top, and learns from ' +
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
    'A Ladder network with 100 labels of MNIST, with the sizes, noise, weights and batches of Rasmus et al. (2015), who ' +
    'report 1.06 % error after 150 epochs of 60,000 digits. This recipe trains for 60 epochs of 50,000 digits, decays the ' +
    'learning rate over the last third, and reaches 1.8 % after an hour and a half on one CPU core.',
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

/** Shared by the baselines of the Tagger: its data, and batches of which half are labeled. */
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

/** Sizes of the layers between the input and the classes. */
const BASELINE_SIZES = { full: [3000, 2000, 1000, 500, 250], small: [500, 250, 125, 60] } as const;
const BASELINE_OF = 'A baseline for texture-mnist-2-classify: the same 1,000 labels of two textured digits';

const [textureMnist2Mlp, textureMnist2MlpSmall] = (['full', 'small'] as const).map((size) =>
  baseline(
    'mlp',
    `A multilayer perceptron with batch normalization, ${BASELINE_SIZES[size].join('-')}: a Ladder without noise or ` +
      `decoder. ${BASELINE_OF}.`,
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
    `A Ladder network, ${BASELINE_SIZES[size].join('-')}, with the noise and weights of ladder-mnist-100. ` +
      `${BASELINE_OF}.`,
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
      `al. (2015). ${BASELINE_OF}.`,
    { type: 'conv-network', stages },
    size,
  ),
);

const textureMnist2ConvSmall = {
  ...textureMnist2Small,
  name: 'texture-mnist-2-conv-small',
  description:
    'Like texture-mnist-2-small, but with convolutions instead of projections and Ladder: shows what another core learns ' +
    'in the same time.',
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
    'Two textured digits with a core in which each group predicts one texture for the complete image: three groups, four ' +
    'iterations, the exact modeling error. After twenty minutes it separates the digits from the background.',
  model: {
    groups: 3,
    iterations: 4,
    noise: { type: 'gaussian', standardDeviation: 0.2, form: 'exact', initialVariance: 0.03 },
    core: { type: 'spectral', channels: [8, 16], sharpness: 0.15, norm: 'layer', predictionInit: 'data' },
  },
  training: { ...textureMnist2Small.training, batchSize: 24 },
  // The grouping can get worse while the denoising cost falls.
  checkpoint: { best: 'ami' },
};

const tetrominoesSmall = {
  name: 'tetrominoes-small',
  description:
    'Three colored tetrominoes. Each group predicts one color for the whole image, so it groups by color; ' +
    'objects of one color stay together. Half an hour on two CPU cores.',
  data: { type: 'tetrominoes' },
  model: {
    groups: 4,
    iterations: 3,
    noise: { type: 'gaussian', standardDeviation: 0.2, form: 'exact', initialVariance: 0.03 },
    core: {
      type: 'projected',
      hiddenSize: 250,
      norm: 'layer',
      predictionInit: 'data',
      prediction: 'uniform',
      assignmentSkip: true,
      mapping: { type: 'ladder', sizes: [125, 60], gate: 'linear' },
    },
  },
  // As in shapes-quick.
  training: { ...shapesQuick.training, steps: 20_000, maxMinutes: 30 },
  evaluation: { everySeconds: 300, examples: 1000, iterations: 5 },
};

const multiDspritesSmall = {
  ...tetrominoesSmall,
  name: 'multi-dsprites-small',
  description:
    'One to four colored sprites that cover each other, on 32 x 32 pixels. Each group predicts one color for the whole image.',
  data: { type: 'multi-dsprites', side: 32 },
  model: { ...tetrominoesSmall.model, groups: 5 },
};

/** The built-in recipes by name. */
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
      tetrominoesSmall,
      multiDspritesSmall,
      ladderMnist100,
    ].map((recipe) => {
      const parsed = parseRecipe(recipe);
      return [parsed.name, parsed];
    }),
  ),
);

/**
 * Returns the built-in recipe of a name.
 *
 * @throws RecipeError `UNKNOWN_RECIPE`, with a list of the names
 */
export function getRecipe(name: string): Recipe {
  const recipe = Object.hasOwn(recipes, name) ? recipes[name] : undefined;
  if (recipe !== undefined) return recipe;
  const names = Object.keys(recipes);
  const suggestion = closest(String(name), names);
  const meant =
    suggestion === undefined ? `The recipes are:\n  ${names.join('\n  ')}` : `Did you mean '${suggestion}'?`;
  throw new RecipeError('UNKNOWN_RECIPE', `There is no recipe '${name}'. ${meant}`, [
    {
      path: '',
      expected: `the name of a recipe: ${names.join(', ')}`,
      got: JSON.stringify(name) ?? String(name),
      ...(suggestion === undefined ? {} : { suggestion }),
    },
  ]);
}
