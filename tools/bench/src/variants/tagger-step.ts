import { ladder } from '@taggerjs/ladder';
import { projected } from '@taggerjs/mapping';
import { bitflip, gaussian } from '@taggerjs/noise';
import { createRandom } from '@taggerjs/random';
import { createTagger, group, type Tagger } from '@taggerjs/tagger';
import { createAdam, gradientsOf } from '@taggerjs/train';
import * as tf from '@tensorflow/tfjs-core';

import type { StepSettings } from '../step-settings';
import type { Step } from './step';

/** The initial prediction: the mean of binary inputs. */
export const INITIAL_PREDICTION = 0.28;

/** The model of this project. */
export function makeTagger({ inputSize, groups, iterations, norm, sizes, noise }: StepSettings): Tagger {
  const [hiddenSize, ...ladderSizes] = sizes as [number, ...number[]];
  return createTagger({
    inputShape: [inputSize],
    groups,
    iterations,
    initialPrediction: INITIAL_PREDICTION,
    noise: noise === 'bitflip' ? bitflip() : gaussian({ initialVariance: 1 }),
    core: projected({ hiddenSize, norm, mapping: ladder({ sizes: ladderSizes }) }),
    seed: 1,
  });
}

/** The same inputs for every variant: binary or grey pixels without structure. [B, N] */
export function randomInputs({ batch, inputSize, noise }: StepSettings): Float32Array {
  let state = 1;
  return Float32Array.from({ length: batch * inputSize }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const uniform = state / 2 ** 32;
    return noise === 'bitflip' ? Number(uniform < INITIAL_PREDICTION) : uniform;
  });
}

/** The step as this project computes it; `gradientCheckpointing` is that of `tagger.run`. */
export function makeTaggerStep(settings: StepSettings, { gradientCheckpointing = false } = {}): Step {
  const tagger = makeTagger(settings);
  return settings.task === 'training'
    ? trainingStep(tagger, settings, gradientCheckpointing)
    : inferenceStep(tagger, settings);
}

/** Forward, backward through time, Adam. */
function trainingStep(tagger: Tagger, settings: StepSettings, gradientCheckpointing: boolean): Step {
  const parameters = tagger.parameters();
  const adam = createAdam(parameters);
  const random = createRandom(1);
  const x = tf.tensor2d(randomInputs(settings), [settings.batch, settings.inputSize]);
  let steps = 0;
  return async () => {
    const { cost, gradients } = gradientsOf(
      () => tagger.run(x, { random: random.fork('step', steps), training: true, gradientCheckpointing }).cost,
      parameters,
    );
    adam.update(gradients, 4e-4);
    steps += 1;
    const [value] = await cost.data();
    tf.dispose([cost, gradients]);
    return value as number;
  };
}

/** From pixels to groups, all as plain arrays. */
function inferenceStep(tagger: Tagger, settings: StepSettings): Step {
  const x = randomInputs(settings);
  const statistics = settings.norm === 'batch' ? 'batch' : 'calibrated';
  return async () => {
    const { iterations } = await group(tagger, x, { statistics });
    return iterations.at(-1)?.cost as number;
  };
}
