import { useWasm, describeSetup, type WasmOptions } from '@taggerjs/backend-wasm';
import { ladder } from '@taggerjs/ladder';
import { projected } from '@taggerjs/mapping';
import { bitflip, gaussian } from '@taggerjs/noise';
import { createRandom } from '@taggerjs/random';
import { createTagger } from '@taggerjs/tagger';
import { createAdam, gradientsOf } from '@taggerjs/train';
import * as tf from '@tensorflow/tfjs-core';

import { randomInputs, type StepRunner, type StepSettings } from '../step-settings';

/** The step as this project makes it. */
export async function taggerjs(settings: StepSettings, options: WasmOptions = {}): Promise<StepRunner> {
  const setup = await useWasm({ ...options, threads: settings.threads });
  const { batch, inputSize, groups, iterations, norm, sizes, noise } = settings;
  const [hiddenSize, ...ladderSizes] = sizes as [number, ...number[]];
  const tagger = createTagger({
    inputShape: [inputSize],
    groups,
    iterations,
    initialPrediction: 0.28,
    noise: noise === 'bitflip' ? bitflip() : gaussian({ initialVariance: 1 }),
    core: projected({ hiddenSize, norm, mapping: ladder({ sizes: ladderSizes }) }),
    seed: 1,
  });
  const parameters = tagger.parameters();
  const adam = createAdam(parameters);
  const random = createRandom(1);
  const x = tf.tensor2d(randomInputs(settings), [batch, inputSize]);
  let steps = 0;
  return {
    description: `taggerjs, ${describeSetup(setup)}`,
    async step() {
      const { cost, gradients } = gradientsOf(
        () => tagger.run(x, { random: random.fork('step', steps), training: true }).cost,
        parameters,
      );
      adam.update(gradients, 4e-4);
      steps += 1;
      const [value] = await cost.data();
      tf.dispose([cost, gradients]);
      return value as number;
    },
  };
}
