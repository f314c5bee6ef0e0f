import * as z from 'zod';

import { dataSchema } from './data-schema';
import type { Json } from './json';
import { count, fraction, optional, positive, seed } from './schema-values';

/** Any JSON value: `plainJson` has checked the recipe before. */
const anything = z.unknown() as unknown as z.ZodType<Json>;

/** A built-in component, with a schema of all its options. */
type KnownComponent = z.ZodObject<{ type: z.ZodLiteral<string> } & z.ZodRawShape, z.core.$strict>;

/** A component of one of the built-in types, or of any other type with any options. */
function component<const Known extends readonly KnownComponent[]>(...known: Known) {
  const types = known.map(({ shape }) => shape.type.value);
  const own = z
    .object({
      type: z
        .string()
        // Aborts for built-in types, or zod would report the issues of this option instead of theirs.
        .regex(new RegExp(`^(?!(${types.join('|')})$).`), { abort: true })
        .describe('A registered name or a module: ./mine.mjs, ./mine.mjs#name, @me/package'),
    })
    .catchall(anything);
  return z.union([...known, own] as [...Known, typeof own]);
}

const norm = () => z.enum(['layer', 'batch']);

const bitflip = z.strictObject({
  type: z.literal('bitflip'),
  probability: z.number().gt(0).lt(0.5).default(0.2).describe('Probability of flipping an element'),
});

const gaussian = z.strictObject({
  type: z.literal('gaussian'),
  standardDeviation: positive().default(0.2).describe('Standard deviation of the noise, in the units of the inputs'),
  form: z.enum(['algorithm', 'exact', 'residual']).default('algorithm').describe('Form of the modeling error'),
  initialVariance: optional(positive()).describe(
    'Initial value of the learned variance; by default the variance of the data',
  ),
});

const ladder = z
  .strictObject({
    type: z.literal('ladder'),
    sizes: z.array(count(2)).min(1).describe('Sizes of the layers above the hidden layer, from bottom to top'),
    gate: z
      .enum(['sigmoid', 'linear'])
      .default('sigmoid')
      .describe('Gate of the combinator; linear in the original Ladder'),
    norm: optional(norm()).describe("Normalization; by default the core's"),
    classes: optional(count()).describe('Number of classes C; the top layer then has the size C + 1'),
  })
  .superRefine(({ sizes, classes }, context) => {
    const top = sizes.at(-1);
    if (classes !== undefined && top !== classes + 1)
      context.addIssue({
        code: 'custom',
        path: ['sizes', sizes.length - 1],
        message: `${classes + 1} (classes + 1)`,
        input: top,
      });
  });

const mlp = z.strictObject({
  type: z.literal('mlp'),
  sizes: z.array(count()).describe('Sizes of the hidden layers, from input to output'),
  norm: optional(norm()).describe("Normalization; by default the core's"),
});

const predictionInit = () =>
  z
    .enum(['constant', 'data'])
    .default('constant')
    .describe("Initial scale and offset of the predictions: 1 and 0, or the data's standard deviation and mean");

const projected = z.strictObject({
  type: z.literal('projected'),
  hiddenSize: count().describe('Hidden size H, the input and output size of the mapping'),
  norm: norm().default('layer').describe('Normalization'),
  predictionInit: predictionInit(),
  prediction: optional(z.enum(['elements', 'uniform'])).describe(
    'What a group predicts: each element, by default, or one color for the whole image',
  ),
  assignmentSkip: optional(z.boolean()).describe('Whether each assignment also sees the likelihood of its own pixel'),
  mapping: component(ladder, mlp).describe('Mapping of the hidden layer'),
});

const convolutional = z.strictObject({
  type: z.literal('convolutional'),
  channels: z.array(count()).min(1).describe('Channels at full size, half, a quarter ... of the image'),
  norm: norm().default('layer').describe('Normalization'),
  predictionInit: predictionInit(),
});

const spectral = z.strictObject({
  type: z.literal('spectral'),
  channels: z
    .array(count())
    .min(1)
    .describe('Channels of the assignment network at full size, half, a quarter ... of the image'),
  sharpness: z.number().gte(0).default(0.15).describe('Sharpness of the competition between the waves of a prediction'),
  norm: norm().default('layer').describe('Normalization'),
  predictionInit: predictionInit(),
});

const convNetwork = z.strictObject({
  type: z.literal('conv-network'),
  stages: z
    .array(z.array(count()).min(1))
    .min(1)
    .describe('Channels of the layers at full size, half, a quarter ... of the image'),
  noiseStandardDeviation: z
    .number()
    .gte(0)
    .default(0)
    .describe('Standard deviation of the noise at the input in training'),
});

const ladderNetwork = z
  .strictObject({
    type: z.literal('ladder-network'),
    sizes: z
      .array(count())
      .describe('Sizes of the layers between the input and the top layer, which has one unit per class'),
    costWeights: z
      .array(z.number().gte(0))
      .min(2)
      .describe('Weights of the denoising costs: of the input, each of the sizes, and the top layer'),
    noiseStandardDeviation: z
      .number()
      .gte(0)
      .default(0.3)
      .describe('Standard deviation of the noise at the input and after every normalization'),
    gate: z
      .enum(['sigmoid', 'linear'])
      .default('linear')
      .describe('Gate of the combinator; linear in the original Ladder'),
  })
  .superRefine(({ sizes, costWeights }, context) => {
    if (costWeights.length !== sizes.length + 2)
      context.addIssue({
        code: 'custom',
        path: ['costWeights'],
        message: `${sizes.length + 2} numbers: for the input, each of the sizes, and the top layer`,
        input: costWeights,
      });
  });

const classifierModel = z.strictObject({
  type: z.literal('classifier'),
  classes: count(2).describe('Number of classes C'),
  network: component(ladderNetwork, convNetwork).describe('The network'),
});

const taggerModel = z
  .strictObject({
    groups: count().default(4).describe('Groups K while training'),
    iterations: count().default(3).describe('Iterations T while training'),
    initialPrediction: z
      .union([z.number(), z.literal('data')])
      .default('data')
      .describe('Prediction before the first iteration; "data" is the mean of the training data'),
    predictionInput: z
      .enum(['probability', 'logit'])
      .default('probability')
      .describe('Form in which the core receives the prediction from the second iteration on'),
    noise: component(bitflip, gaussian).describe('The noise model'),
    core: component(projected, convolutional, spectral).describe('The learned part'),
  })
  .superRefine(({ noise, initialPrediction }, context) => {
    if (noise.type === 'bitflip' && initialPrediction !== 'data' && !(initialPrediction > 0 && initialPrediction < 1))
      context.addIssue({
        code: 'custom',
        path: ['initialPrediction'],
        message: 'a number above 0 and below 1 or "data", with noise of type "bitflip"',
        input: initialPrediction,
      });
  });

const model = z.union([classifierModel, taggerModel]);

const classification = z.strictObject({
  labels: z
    .union([count(), z.literal('all')])
    .default('all')
    .describe('Number of training examples whose labels are used, balanced over classes; or "all"'),
  seed: seed().default(0).describe('Seed of this choice'),
  batchSize: optional(count()).describe('Labeled examples per batch; by default as many as unlabeled ones'),
  weight: positive().default(1).describe('Weight of the classification cost; only for Taggers'),
});

const training = z
  .strictObject({
    seed: seed().default(0).describe('Seed of parameters, data order, corruption and initial assignments'),
    batchSize: count().default(100).describe('Examples per batch'),
    steps: optional(count()).describe('Steps after which training ends'),
    epochs: optional(positive()).describe('Epochs after which training ends'),
    maxMinutes: optional(positive()).describe('Minutes after which training ends'),
    optimizer: z
      .strictObject({
        learningRate: positive().default(1e-3).describe('The highest learning rate of the schedule'),
        beta1: fraction().default(0.9).describe('Decay of the first moment'),
        beta2: fraction().default(0.999).describe('Decay of the second moment'),
        epsilon: positive().default(1e-8).describe('Added to the square root of the second moment'),
      })
      .prefault({})
      .describe('Adam'),
    schedule: z
      .strictObject({
        type: z.enum(['constant', 'linear', 'cosine', 'exponential']).default('constant'),
        warmupSteps: count(0).default(0).describe('Steps of linear warm-up from near 0'),
        holdFraction: fraction()
          .default(0)
          .describe('Fraction of the steps after the warm-up that keep the highest learning rate'),
        finalFraction: z
          .number()
          .gte(0)
          .lte(1)
          .default(0.01)
          .describe('Final learning rate as a fraction of the highest'),
      })
      .prefault({})
      .describe('Learning rate schedule'),
    clipNorm: positive()
      .nullable()
      .default(null)
      .describe('Gradients whose global norm is larger are scaled down to it'),
    ema: z
      .strictObject({ decay: fraction().default(0.999) })
      .nullable()
      .default(null)
      .describe('Exponential moving average (EMA) of the weights'),
    classification: classification.nullable().default(null).describe('Which labels to learn, and how'),
    skipNonFinite: count(0)
      .default(0)
      .describe('Steps that may be skipped in total because a cost or gradient is not finite'),
  })
  .superRefine(({ steps, epochs, maxMinutes, schedule }, context) => {
    if (steps === undefined && epochs === undefined && maxMinutes === undefined)
      context.addIssue({
        code: 'custom',
        path: ['steps'],
        message: 'at least one of steps, epochs and maxMinutes',
      });
    else if (schedule.type !== 'constant' && steps === undefined && epochs === undefined)
      context.addIssue({
        code: 'custom',
        path: ['steps'],
        message: `steps or epochs, which a schedule of type "${schedule.type}" requires`,
      });
    if (schedule.type === 'exponential' && schedule.finalFraction === 0)
      context.addIssue({
        code: 'custom',
        path: ['schedule', 'finalFraction'],
        message: 'a number above 0, with a schedule of type "exponential"',
        input: 0,
      });
  });

const evaluation = z.strictObject({
  everySteps: optional(count()).describe('Steps between evaluations'),
  everySeconds: optional(positive()).describe('Seconds between evaluations'),
  examples: count().default(1000).describe('Number of validation examples to evaluate on'),
  iterations: count().default(5).describe('Iterations T'),
  groups: optional(count()).describe("Groups K; by default the model's"),
  batchSize: count().default(100).describe('Examples per batch'),
  statistics: z.enum(['batch', 'calibrated']).default('batch').describe('Statistics for batch normalization'),
  figureExamples: count(0).default(8).describe('Examples in the figure'),
});

const checkpoint = z.strictObject({
  everySteps: optional(count()).describe('Steps between checkpoints'),
  everySeconds: positive().nullable().default(120).describe('Seconds between checkpoints'),
  keep: count().default(3).describe('Number of newest checkpoints to keep'),
  best: z
    .enum(['cost', 'ami', 'error'])
    .nullable()
    .default('cost')
    .describe('Measure by which the best checkpoint is also kept'),
});

/** The schema of a recipe: every value, its range and its default. */
export const recipeSchema = z
  .strictObject({
    name: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/)
      .describe('A name of letters, digits, ".", "_" and "-"'),
    description: z.string().default('').describe('One or two sentences'),
    data: dataSchema.describe('Which data'),
    model: model.describe('Which model'),
    training: training.describe('How to train'),
    evaluation: evaluation.prefault({}).describe('How to evaluate'),
    checkpoint: checkpoint.prefault({}).describe('When to save checkpoints, and which to keep'),
  })
  .superRefine(({ data, model, training }, context) => {
    if ('network' in model && training.classification === null)
      context.addIssue({
        code: 'custom',
        path: ['training', 'classification'],
        message: 'an object, such as { "labels": 100 }, with a model of type "classifier"',
        input: null,
      });
    if ('sizes' in data && data.sizes.train > 0 && training.batchSize > data.sizes.train)
      context.addIssue({
        code: 'custom',
        path: ['training', 'batchSize'],
        message: `at most data.sizes.train, ${data.sizes.train}`,
        input: training.batchSize,
      });
  });
