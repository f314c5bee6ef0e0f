import type { CoreComponent } from '@taggerjs/mapping';
import { checkOptionNames, requireBackend, TaggerError } from '@taggerjs/nn';
import type { NoiseComponent } from '@taggerjs/noise';
import { createRandom } from '@taggerjs/random';

import { Tagger } from './tagger';
import type { PredictionInput, TaggerConfig } from './tagger-config';

/** Segments store a group's index in a byte. The limit on iterations bounds the run time of untrusted model files. */
const MOST = { groups: 256, iterations: 1000 } as const;

/** Options of {@link createTagger}. */
export interface TaggerOptions {
  /** Shape of one input, such as [20, 20], or [rows, columns, channels]; its product is N. */
  readonly inputShape: readonly number[];
  /**
   * C: channels of a pixel, which share an assignment: 1, or the last axis of `inputShape`. With 1, every value has its own.
   *
   * @default the third axis of `inputShape`, 1 if it does not have three
   */
  readonly channels?: number;
  /** The noise model: `bitflip()` for binary inputs, `gaussian()` for real ones, or your own. */
  readonly noise: NoiseComponent;
  /** The learned part: `projected({ hiddenSize, mapping })`, or your own. */
  readonly core: CoreComponent;
  /** Number of groups K during training, at most 256. @default 4 */
  readonly groups?: number;
  /** Number of iterations T during training, at most 1000. @default 3 */
  readonly iterations?: number;
  /** z^0, the same for every element. @default the mean of the training data, `data.mean` */
  readonly initialPrediction?: number;
  /** Which form of the prediction the core gets from the second iteration on. @default 'probability' */
  readonly predictionInput?: PredictionInput;
  /** Mean and standard deviation of the training data: `await dataset.statistics()`. */
  readonly data?: { readonly mean: number; readonly standardDeviation: number };
  /** Seed of the initial parameters. @default 0 */
  readonly seed?: number | string;
}

const OPTIONS: readonly (keyof TaggerOptions)[] = [
  'inputShape',
  'channels',
  'noise',
  'core',
  'groups',
  'iterations',
  'initialPrediction',
  'predictionInput',
  'data',
  'seed',
];

/**
 * Creates a Tagger with initial parameters.
 *
 * @throws TaggerError `INVALID_OPTION` if an option is missing, unknown or out of range; `NO_BACKEND` if no TensorFlow.js
 *   backend is set up
 */
export function createTagger(options: TaggerOptions): Tagger {
  checkOptionNames('createTagger', options, OPTIONS);
  const { inputShape, noise, core, groups = 4, iterations = 3, data, seed = 0 } = options;
  const { predictionInput = 'probability', initialPrediction = data?.mean } = options;
  if (
    !Array.isArray(inputShape) ||
    inputShape.length === 0 ||
    inputShape.some((size) => !Number.isInteger(size) || size < 1)
  ) {
    throw new TaggerError(
      'INVALID_OPTION',
      `createTagger: inputShape must be one or more positive integers, such as [20, 20], not [${inputShape}].`,
    );
  }
  if (options.channels === undefined && isChannelsFirst(inputShape)) {
    throw new TaggerError(
      'INVALID_OPTION',
      `createTagger: inputShape [${inputShape}] looks like channels first, but it must be [rows, columns, channels]. Move the ` +
        `axis of the channels of your data to the end. If ${inputShape[2]} is the number of channels, pass ` +
        `channels: ${inputShape[2]}; if every value has an assignment of its own, channels: 1.`,
    );
  }
  const channels = options.channels ?? (inputShape.length === 3 ? (inputShape[2] as number) : 1);
  if (channels !== 1 && (inputShape.length < 2 || channels !== inputShape.at(-1))) {
    throw new TaggerError(
      'INVALID_OPTION',
      `createTagger: channels must be 1 or the last axis of inputShape [${inputShape}], such as 3 for [35, 35, 3], not ` +
        `${String(channels)}.`,
    );
  }
  for (const [name, value] of Object.entries({ groups, iterations })) {
    if (!Number.isInteger(value) || value < 1) {
      throw new TaggerError('INVALID_OPTION', `createTagger: ${name} must be a positive integer, not ${value}.`);
    }
    const most = MOST[name as keyof typeof MOST];
    if (value > most) {
      throw new TaggerError('INVALID_OPTION', `createTagger: ${name} must be at most ${most}, not ${value}.`);
    }
  }
  if (initialPrediction === undefined || !Number.isFinite(initialPrediction)) {
    throw new TaggerError(
      'INVALID_OPTION',
      `createTagger: initialPrediction must be a finite number, not ${initialPrediction}. Pass it, or pass data: await ` +
        'dataset.statistics() to use the mean of the training data.',
    );
  }
  if (predictionInput !== 'probability' && predictionInput !== 'logit') {
    throw new TaggerError(
      'INVALID_OPTION',
      `createTagger: predictionInput must be 'probability' or 'logit', not '${String(predictionInput)}'.`,
    );
  }
  const config: TaggerConfig = {
    inputShape: [...inputShape],
    ...(channels !== 1 && { channels }),
    groups,
    iterations,
    initialPrediction,
    predictionInput,
    noise: noise.config,
    core: core.config,
  };
  requireBackend('createTagger');
  const inputSize = inputShape.reduce((product, size) => product * size, 1);
  const random = createRandom(seed);
  const known = data === undefined ? {} : { data };
  const noiseModel = noise.create({ channels, ...known });
  try {
    return new Tagger({
      config,
      noise: noiseModel,
      core: core.create({
        inputSize,
        inputShape: config.inputShape,
        channels,
        random: random.fork('parameters'),
        ...known,
      }),
      random: random.fork('core'),
    });
  } catch (error) {
    noiseModel.dispose();
    throw error;
  }
}

/** Whether a shape looks like an image [channels, rows, columns]: 1, 3 or 4 channels, then at least 8 rows and columns. */
function isChannelsFirst([first = 0, ...sides]: readonly number[]): boolean {
  return sides.length === 2 && [1, 3, 4].includes(first) && sides.every((side) => side >= 8);
}
