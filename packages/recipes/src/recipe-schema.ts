import * as z from 'zod';

import { dataSchema } from './data-schema';
import type { Json } from './json';
import { count, fraction, optional, positive, seed } from './schema-values';

/** Any JSON: a recipe is known to be JSON before it meets the schema. */
const anything = z.unknown() as unknown as z.ZodType<Json>;

/** Options of a component that we know: all of them, checked. */
type KnownComponent = z.ZodObject<{ type: z.ZodLiteral<string> } & z.ZodRawShape, z.core.$strict>;

/** A component of one of the known types, or of any other with whatever options. */
function component<const Known extends readonly KnownComponent[]>(...known: Known) {
  const types = known.map(({ shape }) => shape.type.value);
  const own = z
    .object({
      type: z
        .string()
        // Ends the attempt, or zod would take this option's issue for that of the known type.
        .regex(new RegExp(`^(?!(${types.join('|')})$).`), { abort: true })
        .describe('A registered name, or a module: ./mine.mjs, ./mine.mjs#name, @me/package'),
    })
    .catchall(anything);
  return z.union([...known, own] as [...Known, typeof own]);
}

const norm = () => z.enum(['layer', 'batch']);

const bitflip = z.strictObject({
  type: z.literal('bitflip'),
  probability: z.number().gt(0).lt(0.5).default(0.2).describe('Probability that an element is flipped'),
});

const gaussian = z.strictObject({
  type: z.literal('gaussian'),
  standardDeviation: positive().default(0.2).describe('Standard deviation of the noise, in the units of the inputs'),
  form: z.enum(['algorithm', 'exact', 'residual']).default('algorithm').describe('Form of the modeling error'),
  initialVariance: optional(positive()).describe('The learned variance at first; by default that of the data'),
});

const ladder = z
  .strictObject({
    type: z.literal('ladder'),
    sizes: z.array(count(2)).min(1).describe('Sizes of the layers over the hidden layer, from it on'),
    gate: z
      .enum(['sigmoid', 'linear'])
      .default('sigmoid')
      .describe("Gate of the combinator; the Ladder's own is linear"),
    norm: optional(norm()).describe("The normalization; by default the core's"),
    classes: optional(count()).describe('Classes C that the top layer tells apart; its size is then C + 1'),
  })
  .superRefine(({ sizes, classes }, context) => {
    const top = sizes.at(-1);
    if (classes !== undefined && top !== classes + 1)
      context.addIssue({
        code: 'custom',
        path: ['sizes', sizes.length - 1],
        message: `${classes + 1}, one more than the classes`,
        input: top,
      });
  });

const mlp = z.strictObject({
  type: z.literal('mlp'),
  sizes: z.array(count()).describe('Sizes of the hidden layers, from the input on'),
  norm: optional(norm()).describe("The normalization; by default the core's"),
});

const predictionInit = () =>
  z
    .enum(['constant', 'data'])
    .default('constant')
    .describe("Scale and offset of the predictions at first: 1 and 0, or the data's standard deviation and mean");

const projected = z.strictObject({
  type: z.literal('projected'),
  hiddenSize: count().describe('Hidden size H, input and output of the mapping'),
  norm: norm().default('layer').describe('The normalization'),
  predictionInit: predictionInit(),
  mapping: component(ladder, mlp).describe('The mapping from the hidden layer to itself'),
});

const convolutional = z.strictObject({
  type: z.literal('convolutional'),
  channels: z.array(count()).min(1).describe('Channels at full size, half, a quarter ... of the image'),
  norm: norm().default('layer').describe('The normalization'),
  predictionInit: predictionInit(),
});

const spectral = z.strictObject({
  type: z.literal('spectral'),
  channels: z
    .array(count())
    .min(1)
    .describe('Channels of what assigns, at full size, half, a quarter ... of the image'),
  sharpness: z.number().gte(0).default(0.15).describe('How hard the waves of a prediction compete'),
  norm: norm().default('layer').describe('The normalization'),
  predictionInit: predictionInit(),
});

const convNetwork = z.strictObject({
  type: z.literal('conv-network'),
  stages: z
    .array(z.array(count()).min(1))
    .min(1)
    .describe('Channels of the layers at full size, half, a quarter ... of the image'),
  noiseStandardDeviation: z.number().gte(0).default(0).describe('Of the noise at the input in training'),
});

const ladderNetwork = z
  .strictObject({
    type: z.literal('ladder-network'),
    sizes: z
      .array(count())
      .describe('Sizes of the layers between the input and the top, which has a unit for each class'),
    costWeights: z
      .array(z.number().gte(0))
      .min(2)
      .describe('Weights of the denoising costs: of the input, of each of the sizes, of the top'),
    noiseStandardDeviation: z
      .number()
      .gte(0)
      .default(0.3)
      .describe('Of the noise at the input and after every normalization'),
    gate: z
      .enum(['sigmoid', 'linear'])
      .default('linear')
      .describe("Gate of the combinator; the Ladder's own is linear"),
  })
  .superRefine(({ sizes, costWeights }, context) => {
    if (costWeights.length !== sizes.length + 2)
      context.addIssue({
        code: 'custom',
        path: ['costWeights'],
        message: `${sizes.length + 2} numbers: for the input, each of the sizes, and the top`,
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
      .describe('The prediction before the first iteration; "data" is the mean of the training data'),
    predictionInput: z
      .enum(['probability', 'logit'])
      .default('probability')
      .describe('What the core is given of the prediction from the second iteration on'),
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
    .describe('Training examples whose labels are looked at, every class equally often; or "all" of them'),
  seed: seed().default(0).describe('Seed of their choice'),
  batchSize: optional(count()).describe('Labelled examples of a batch; by default as many as unlabelled ones'),
  weight: positive().default(1).describe('Weight of the classification cost, of Taggers'),
});

const training = z
  .strictObject({
    seed: seed().default(0).describe('Seed of parameters, order, corruption and initial assignments'),
    batchSize: count().default(100).describe('Examples of a batch'),
    steps: optional(count()).describe('Steps after which training ends'),
    epochs: optional(positive()).describe('Epochs after which training ends'),
    maxMinutes: optional(positive()).describe('Minutes after which training ends'),
    optimizer: z
      .strictObject({
        learningRate: positive().default(1e-3).describe('The highest learning rate of the schedule'),
        beta1: fraction().default(0.9).describe('Decay of the first moment'),
        beta2: fraction().default(0.999).describe('Decay of the second moment'),
        epsilon: positive().default(1e-8).describe('Added to the root of the second moment'),
      })
      .prefault({})
      .describe('Adam'),
    schedule: z
      .strictObject({
        type: z.enum(['constant', 'linear', 'cosine', 'exponential']).default('constant'),
        warmupSteps: count(0).default(0).describe('Steps on which the learning rate rises linearly from near 0'),
        holdFraction: fraction()
          .default(0)
          .describe('Fraction of the steps after the warm-up on which it stays at its highest'),
        finalFraction: z
          .number()
          .gte(0)
          .lte(1)
          .default(0.01)
          .describe('Fraction of the learning rate at which it ends'),
      })
      .prefault({})
      .describe('How the learning rate moves'),
    clipNorm: positive().nullable().default(null).describe('Largest norm of all gradients together'),
    ema: z
      .strictObject({ decay: fraction().default(0.999) })
      .nullable()
      .default(null)
      .describe('Exponential moving average of the weights'),
    classification: classification.nullable().default(null).describe('Which labels are learned, and how'),
    skipNonFinite: count(0).default(0).describe('Steps that may be skipped because a number in them is not finite'),
  })
  .superRefine(({ steps, epochs, maxMinutes, schedule }, context) => {
    if (steps === undefined && epochs === undefined && maxMinutes === undefined)
      context.addIssue({
        code: 'custom',
        path: ['steps'],
        message: 'one at least of steps, epochs and maxMinutes, so that training ends',
      });
    else if (schedule.type !== 'constant' && steps === undefined && epochs === undefined)
      context.addIssue({
        code: 'custom',
        path: ['steps'],
        message: `steps or epochs, which a schedule of type "${schedule.type}" needs to know when to end`,
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
  examples: count().default(1000).describe('Held-out examples to evaluate on'),
  iterations: count().default(5).describe('Iterations T'),
  groups: optional(count()).describe("Groups K; by default the model's"),
  batchSize: count().default(100).describe('Examples of a batch'),
  statistics: z.enum(['batch', 'calibrated']).default('batch').describe('Which statistics batch normalization takes'),
  figureExamples: count(0).default(8).describe('Examples to draw in the figure'),
});

const checkpoint = z.strictObject({
  everySteps: optional(count()).describe('Steps between checkpoints'),
  everySeconds: positive().nullable().default(120).describe('Seconds between checkpoints'),
  keep: count().default(3).describe('Checkpoints that are kept: the newest'),
  best: z
    .enum(['cost', 'ami', 'error'])
    .nullable()
    .default('cost')
    .describe('What the evaluation has to be best in for its checkpoint to be kept too'),
});

/** What a recipe is: every value, its range and its default. */
export const recipeSchema = z
  .strictObject({
    name: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/)
      .describe('Letters, digits, ".", "_" and "-": it names folders'),
    description: z.string().default('').describe('What it is for'),
    data: dataSchema.describe('Which data'),
    model: model.describe('Which model'),
    training: training.describe('How to train'),
    evaluation: evaluation.prefault({}).describe('How to evaluate'),
    checkpoint: checkpoint.prefault({}).describe('How to save what a stopped training goes on from'),
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
