// A custom noise model: a channel that loses ones more often than it adds them. The Tagger, training, evaluation and saved
// models accept it like `bitflip()`.
import {
  createTagger,
  evaluate,
  ladder,
  loadTagger,
  projected,
  saveTagger,
  shapes,
  TaggerError,
  train,
  useWasm,
  type NoiseComponent,
} from 'taggerjs';
import { bitflipCost, sigmoid } from '@taggerjs/nn';
import * as tf from '@tensorflow/tfjs-core';

/** The channel's probabilities: P(0 | 1) = `lost`, P(1 | 0) = `added`. */
interface ChannelOptions {
  readonly lost?: number;
  readonly added?: number;
}

function channel({ lost = 0.3, added = 0.1 }: ChannelOptions = {}): NoiseComponent {
  if (!(lost > 0 && added > 0 && lost + added < 1)) {
    throw new TaggerError(
      'INVALID_OPTION',
      `channel: lost and added must be positive, with a sum below 1, not ${lost}, ${added}.`,
    );
  }
  /** xi = z (1 - lost - added) + added: the probability that a one comes out, given the probability z that a one goes in. */
  const through = (z: tf.Tensor3D) => tf.add<tf.Tensor3D>(tf.mul(z, 1 - lost - added), added);
  return {
    config: { type: 'channel', lost, added },
    create: () => ({
      corrupt: (x, random) =>
        tf.tidy(() => {
          const isLost = tf.tensor2d(random.fork('lost').bernoulli(x.size, { probability: lost }), x.shape);
          const isAdded = tf.tensor2d(random.fork('added').bernoulli(x.size, { probability: added }), x.shape);
          // A one stays unless it is lost; a zero becomes a one if one is added.
          return tf.add(tf.mul(x, tf.sub(1, isLost)), tf.mul(tf.sub(1, x), isAdded));
        }),

      // z~_k = x~ xi_k + (1 - x~)(1 - xi_k),   L_k = z~_k / sum_h z~_h
      assignmentLikelihood: (corrupted, z) =>
        tf.tidy(() => {
          const xi = through(z);
          const likelihood = tf.add(tf.mul(corrupted, xi), tf.mul(tf.sub(1, corrupted), tf.sub(1, xi)));
          return tf.div(likelihood, tf.sum(likelihood, 0, true));
        }),

      // dz_k = m_k / (sum_h xi_h m_h - 1 + x~): d log q(x~) / dz_k, up to a constant factor
      modelingError: (corrupted, z, m) =>
        tf.tidy(() => {
          const one = tf.sum(tf.mul(through(z), m), 0); // [K, B, N] -> [B, N]
          return tf.div(m, tf.add(tf.sub(one, 1), corrupted));
        }),

      activatePrediction: (zhat) => sigmoid(zhat),
      cost: (x, z, m) => bitflipCost(x, z, m),
      parameters: () => ({}),
      dispose: () => undefined,
    }),
  };
}

await useWasm();
const dataset = shapes({ split: 'train', canvas: [12, 16], shapesPerImage: 2, size: 5000 });
const validation = shapes({ split: 'validation', canvas: [12, 16], shapesPerImage: 2, size: 100 });

const tagger = createTagger({
  inputShape: dataset.inputShape,
  groups: 3,
  noise: channel({ lost: 0.4, added: 0.05 }),
  core: projected({ hiddenSize: 100, predictionInit: 'data', mapping: ladder({ sizes: [50, 25] }) }),
  data: await dataset.statistics(),
});
for await (const event of train({ tagger, dataset, validation, steps: 60, batchSize: 20, learningRate: 2e-3 })) {
  if (event.type === 'evaluation') {
    const { cost, ami } = event.evaluation.iterations.at(-1)!;
    console.log(`${event.phase} training: cost ${cost.toFixed(4)}, AMI ${ami!.toFixed(3)}`);
  }
}

// A saved model names its noise model. Register it to load the model.
const loaded = await loadTagger(await saveTagger(tagger), { registries: { noises: { channel } } });
console.log('loaded:', JSON.stringify(loaded.config.noise));
const { iterations } = await evaluate(loaded, validation);
console.log(`again: cost ${iterations.at(-1)!.cost.toFixed(4)}`);
