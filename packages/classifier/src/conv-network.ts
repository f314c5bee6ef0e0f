import {
  convolve,
  halve,
  joinStates,
  toPixels,
  type ClassifierComponent,
  type ClassifierCost,
  type ClassifierEnvironment,
  type ClassifierInputs,
  type ClassifierNetwork,
  type ImageSize,
} from '@taggerjs/mapping';
import {
  add,
  addBias,
  checkOptionNames,
  classificationCost,
  createNormalization,
  disposeTree,
  initialWeights,
  matMul,
  reshape,
  softmax,
  TaggerError,
  weightedSum,
  type Normalization,
  type Statistics,
} from '@taggerjs/nn';
import * as tf from '@tensorflow/tfjs-core';

/** Options of {@link convNetwork}. */
export interface ConvNetworkOptions {
  /**
   * Channels of the layers at full size, at half size, at a quarter, ...: `[[96, 96], [192, 192]]` has two layers of 96
   * channels at full size, a layer of 192 that halves the image, and another of 192.
   */
  readonly stages: readonly (readonly number[])[];
  /** Standard deviation of the noise added to the labeled inputs in training, at least 0. @default 0 */
  readonly noiseStandardDeviation?: number;
}

/** A layer: a 3 x 3 convolution, or a 2 x 2 convolution with stride 2 if it halves the image. */
interface Layer {
  readonly name: string;
  readonly halves: boolean;
  /** The image's size before the layer. */
  readonly size: ImageSize;
  readonly normalization: Normalization;
}

/**
 * A convolutional classifier without fully connected layers, after the All-CNN of Springenberg et al. (2015): 3 x 3
 * convolutions, 2 x 2 convolutions with stride 2 instead of pooling, batch normalization, and global average pooling before
 * the softmax.
 *
 *     a = relu( norm( conv(a) ) + b )      layer by layer;     p = softmax( mean over pixels of a W_top + b_top )
 *
 * Parameters: `W_s_i` [9c, c'] or [4c, c'], `b_s_i` [c'], stage s and layer i counted from 0; `W_top` [c, C], `b_top` [C].
 * Initial weights are N(0, 1/fan_in), biases 0. Learns only from labeled inputs.
 *
 * @throws TaggerError `INVALID_OPTION` if an option is unknown or out of range; when the network is created, also if inputs are
 *   not images of one channel whose sides can be halved between the stages
 */
export function convNetwork(options: ConvNetworkOptions): ClassifierComponent {
  checkOptionNames('convNetwork', options, ['stages', 'noiseStandardDeviation']);
  const { stages, noiseStandardDeviation = 0 } = options;
  const isStage = (stage: readonly number[]) =>
    Array.isArray(stage) && stage.length > 0 && stage.every((c) => Number.isInteger(c) && c >= 1);
  if (!Array.isArray(stages) || stages.length === 0 || !stages.every(isStage)) {
    throw new TaggerError(
      'INVALID_OPTION',
      'convNetwork: stages must be lists of positive integers (channels), such as [[96, 96], [192]], not ' +
        `${JSON.stringify(stages)}.`,
    );
  }
  if (!(noiseStandardDeviation >= 0 && noiseStandardDeviation < Infinity)) {
    throw new TaggerError(
      'INVALID_OPTION',
      `convNetwork: noiseStandardDeviation must be a number of at least 0, not ${noiseStandardDeviation}.`,
    );
  }
  const known = { stages: stages.map((stage) => [...stage]), noiseStandardDeviation };
  return {
    config: { type: 'conv-network', ...known },
    create: (environment) => createConvNetwork(known, environment),
  };
}

function createConvNetwork(
  { stages, noiseStandardDeviation }: Required<ConvNetworkOptions>,
  { inputShape, classes, random }: ClassifierEnvironment,
): ClassifierNetwork {
  const [rows = 0, columns = 0, inputChannels = 1] = inputShape;
  const least = 2 ** (stages.length - 1);
  const isImage = inputShape.length >= 2 && inputShape.length <= 3 && inputChannels === 1;
  if (!isImage || rows % least !== 0 || columns % least !== 0) {
    throw new TaggerError(
      'INVALID_OPTION',
      `convNetwork: with ${stages.length} stages, inputs must be images [rows, columns] of one channel with sides that are ` +
        `multiples of ${least}, not [${inputShape}].`,
    );
  }
  const parameters: Record<string, tf.Variable> = {};
  const zeros = (size: number) => tf.tidy(() => tf.variable(tf.zeros([size])));
  const layers: Layer[] = [];
  let channels = 1;
  for (const [s, stage] of stages.entries()) {
    for (const [i, size] of stage.entries()) {
      const halves = s > 0 && i === 0;
      const name = `${s}_${i}`;
      const scale = 2 ** (halves ? s - 1 : s);
      parameters[`W_${name}`] = initialWeights(random.fork(`W_${name}`), [(halves ? 4 : 9) * channels, size]);
      parameters[`b_${name}`] = zeros(size);
      const normalization = createNormalization({ norm: 'batch', size });
      layers.push({ name, halves, size: [rows / scale, columns / scale], normalization });
      channels = size;
    }
  }
  parameters['W_top'] = initialWeights(random.fork('W_top'), [channels, classes]);
  parameters['b_top'] = zeros(classes);
  const matrix = (name: string) => parameters[name] as tf.Variable as tf.Tensor as tf.Tensor2D;
  const vector = (name: string) => parameters[name] as tf.Variable as tf.Tensor as tf.Tensor1D;
  const states = joinStates(
    Object.fromEntries(layers.map(({ name, normalization }) => [`norm_${name}`, normalization])),
  );

  const posterior = (x: tf.Tensor2D, statistics: Statistics): tf.Tensor2D => {
    let a = toPixels(x, [rows, columns]);
    for (const { name, halves, size, normalization } of layers) {
      const W = matrix(`W_${name}`);
      const s = halves ? matMul(halve(a, size), W) : convolve(a, W, size);
      a = normalization.apply(s, { iteration: 0, statistics }, { bias: vector(`b_${name}`), activation: 'relu' });
    }
    const pixels = (rows / least) * (columns / least);
    // The mean over pixels, as a product: [B*P, C] -> [B, P*C] -> [B, C]
    const scores = reshape<tf.Rank.R2>(matMul(a, matrix('W_top')), [x.shape[0], pixels * classes]);
    const mean = tf.tensor2d(
      Float32Array.from({ length: pixels * classes * classes }, (_, i) =>
        Math.floor(i / classes) % classes === i % classes ? 1 / pixels : 0,
      ),
      [pixels * classes, classes],
    );
    return softmax(addBias(matMul(scores, mean), vector('b_top')));
  };

  const check = (x: tf.Tensor2D, name: string) => {
    if (x.rank === 2 && x.shape[1] === rows * columns) return;
    throw new TaggerError(
      'INVALID_SHAPE',
      `convNetwork: ${name} must be [rows, ${rows * columns}], one input each, not [${x.shape}].`,
    );
  };
  return {
    cost({ labeled, targets }: ClassifierInputs, context): ClassifierCost {
      check(labeled, 'labeled');
      return tf.tidy(() => {
        const noise = () =>
          tf.tensor2d(
            context.random.fork('noise').normal(labeled.size, { standardDeviation: noiseStandardDeviation }),
            labeled.shape,
          );
        const x = noiseStandardDeviation > 0 ? add(labeled, noise()) : labeled;
        const ofClasses = classificationCost(posterior(x, 'batch'), targets);
        return { cost: weightedSum([ofClasses], [1]), classificationCost: ofClasses, denoisingCosts: [] };
      });
    },
    predict(x, { statistics }) {
      check(x, 'x');
      return tf.tidy(() => posterior(x, statistics));
    },
    parameters: () => parameters,
    ...states,
    dispose() {
      disposeTree(parameters);
      for (const { normalization } of layers) normalization.dispose();
    },
  };
}
