import type { CoreComponent } from '@taggerjs/mapping';
import { requireBackend, TaggerError } from '@taggerjs/nn';
import type { NoiseComponent } from '@taggerjs/noise';
import { createRandom } from '@taggerjs/random';

import { Tagger } from './tagger';
import type { PredictionInput, TaggerConfig } from './tagger-config';

/**
 * The most groups and iterations that a Tagger is made for. The number of a group is a byte wherever segments are kept; and a
 * description may come from a file of anybody's, which is not to have a program iterate for days.
 */
const MOST = { groups: 256, iterations: 1000 } as const;

/** What {@link createTagger} takes. */
export interface TaggerOptions {
  /** Shape of one input, such as [20, 20]; its product is N. */
  readonly inputShape: readonly number[];
  /** The noise model: `bitflip()` for binary inputs, `gaussian()` for real ones, or one's own. */
  readonly noise: NoiseComponent;
  /** The learned part: `projected({ hiddenSize, mapping })`, or one's own. */
  readonly core: CoreComponent;
  /** Number of groups K while training, at most 256. @default 4 */
  readonly groups?: number;
  /** Number of iterations T while training, at most 1000. @default 3 */
  readonly iterations?: number;
  /** z^0, the same for every element. @default the mean of the training data, `data.mean` */
  readonly initialPrediction?: number;
  /** What the core is given of the prediction from the second iteration on. @default 'probability' */
  readonly predictionInput?: PredictionInput;
  /** Mean and standard deviation of the training data: `await dataset.statistics()`. */
  readonly data?: { readonly mean: number; readonly standardDeviation: number };
  /** Seed of the initial parameters. @default 0 */
  readonly seed?: number | string;
}

/**
 * Makes a Tagger with fresh parameters.
 *
 * @throws TaggerError `INVALID_OPTION` where an option is missing or out of range, `NO_BACKEND` before a TensorFlow.js
 *   backend is set up
 */
export function createTagger(options: TaggerOptions): Tagger {
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
      `createTagger: initialPrediction must be a finite number, not ${initialPrediction}. Give it, or give the ` +
        'statistics of the training data (data: await dataset.statistics()), whose mean it then is.',
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
  const noiseModel = noise.create({ ...known });
  try {
    return new Tagger({
      config,
      noise: noiseModel,
      core: core.create({ inputSize, inputShape: config.inputShape, random: random.fork('parameters'), ...known }),
      random: random.fork('core'),
    });
  } catch (error) {
    noiseModel.dispose();
    throw error;
  }
}
