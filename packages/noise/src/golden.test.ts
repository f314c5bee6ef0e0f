import { assignTree, groupSoftmax } from '@taggerjs/nn';
import * as tf from '@tensorflow/tfjs-core';
import {
  describeBackends,
  expectAllClose,
  goldenTaggers,
  readGolden,
  type GoldenTensor,
} from '@taggerjs-tools/testing';

import { noiseModels } from './noise-models';

interface GoldenIteration {
  readonly dz: GoldenTensor;
  readonly L: GoldenTensor;
  readonly z: GoldenTensor;
  readonly m: GoldenTensor;
  readonly cost: number;
}

interface GoldenTagger {
  readonly config: {
    readonly modelingError: 'algorithm' | 'exact';
    readonly noise:
      { readonly kind: 'bitflip'; readonly probability: number } | { readonly kind: 'gaussian'; readonly std: number };
    readonly initialPrediction: number;
  };
  readonly inputs: {
    readonly x: GoldenTensor;
    readonly corrupted: GoldenTensor;
    readonly assignmentLogits: GoldenTensor;
  };
  readonly parameters: Readonly<Record<string, GoldenTensor>>;
  readonly expected: { readonly iterations: readonly GoldenIteration[] };
}

const tensor = <R extends tf.Rank>({ shape, data }: GoldenTensor) =>
  tf.tensor([...data], [...shape], 'float32') as unknown as tf.Tensor<R>;

/** The golden noise model, with the golden variance. */
function create({ config, parameters }: GoldenTagger) {
  const { noise, modelingError } = config;
  if (noise.kind === 'bitflip') return noiseModels.bitflip({ probability: noise.probability }).create({});
  const model = noiseModels.gaussian({ standardDeviation: noise.std, form: modelingError }).create({});
  const { shape, data } = parameters['logVariance'] as GoldenTensor;
  assignTree(model.parameters(), { logVariance: { shape, data: Float32Array.from(data) } });
  return model;
}

describeBackends('golden noise', () => {
  describe.each(goldenTaggers)('%s', (name) => {
    const golden = readGolden<GoldenTagger>(`model/${name}`);
    const { inputs, expected, config } = golden;
    const { iterations } = expected;

    it.each(iterations.map((_, i) => i))('gives dz and L of iteration %i', async (i) => {
      const noise = create(golden);
      const before = i === 0 ? undefined : (iterations[i - 1] as GoldenIteration);
      const assignment = groupSoftmax(tensor<tf.Rank.R3>(inputs.assignmentLogits));
      const z = before
        ? tensor<tf.Rank.R3>(before.z)
        : tf.fill<tf.Rank.R3>(assignment.m.shape, config.initialPrediction);
      const m = before ? tensor<tf.Rank.R3>(before.m) : assignment.m;
      const logM = before ? logOf(before.m) : assignment.logM;
      const corrupted = tensor<tf.Rank.R2>(inputs.corrupted);
      const { dz, L } = iterations[i] as GoldenIteration;
      expectAllClose(await noise.modelingError(corrupted, z, m, logM).data(), dz.data, undefined, 'dz');
      expectAllClose(await noise.assignmentLikelihood(corrupted, z).data(), L.data, undefined, 'L');
      noise.dispose();
    });

    it.each(iterations.map((_, i) => i))('gives the cost of iteration %i', async (i) => {
      const noise = create(golden);
      const { z, m, cost } = iterations[i] as GoldenIteration;
      const actual = noise.cost(tensor(inputs.x), tensor(z), tensor(m), logOf(m));
      expectAllClose(await actual.data(), [cost], undefined, 'cost');
      noise.dispose();
    });
  });
});

/** The logarithm of golden assignments; in float64 they do not underflow. */
function logOf({ shape, data }: GoldenTensor): tf.Tensor3D {
  return tensor<tf.Rank.R3>({ shape, data: data.map(Math.log) });
}
