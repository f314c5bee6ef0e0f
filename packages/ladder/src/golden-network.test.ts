import {
  describeBackends,
  expectAllClose,
  expectNoLeak,
  GRADIENT_TOLERANCE,
  readGolden,
  type GoldenLadder,
  type GoldenTensor,
} from '@taggerjs-tools/testing';
import { assignTree } from '@taggerjs/nn';
import { createRandom } from '@taggerjs/random';
import * as tf from '@tensorflow/tfjs-core';

import { ladderNetwork } from './ladder-network';

const { config, inputs, parameters, expected } = readGolden<GoldenLadder>('model/ladder-alone');
const [inputSize, ...above] = config.sizes;
const classes = above.at(-1) as number;

const values = (tree: Readonly<Record<string, GoldenTensor>>) =>
  Object.fromEntries(
    Object.entries(tree).map(([name, { shape, data }]) => [name, { shape, data: Float32Array.from(data) }]),
  );
const matrix = ({ shape, data }: GoldenTensor) => tf.tensor2d([...data], shape as [number, number]);

function goldenNetwork(costWeights = config.costWeights) {
  const network = ladderNetwork({ sizes: above.slice(0, -1), costWeights, gate: config.gate }).create({
    inputShape: [inputSize],
    classes,
    random: createRandom(0),
  });
  const own = Object.fromEntries(Object.entries(values(parameters)).filter(([name]) => name in network.parameters()));
  assignTree(network.parameters(), own);
  return network;
}

function goldenInputs() {
  const targets = tf.tidy(() => tf.cast(tf.oneHot(tf.tensor1d([...inputs.labels], 'int32'), classes), 'float32'));
  return {
    rows: {
      labeled: matrix(inputs.labelled),
      targets: targets as tf.Tensor2D,
      unlabeled: matrix(inputs.unlabelled),
    },
    noise: { labeled: inputs.noise.labelled.map(matrix), unlabeled: inputs.noise.unlabelled.map(matrix) },
  };
}

describeBackends('the Ladder on its own against the golden vectors', () => {
  it('computes the posteriors, the costs and every gradient', () =>
    expectNoLeak(async () => {
      const network = goldenNetwork();
      expect(Object.keys(network.parameters()).sort()).toEqual(Object.keys(expected.gradients).sort());
      const { rows, noise } = goldenInputs();
      const step = { random: createRandom(0), noise };

      const output = network.cost(rows, step);
      const check = async (tensor: tf.Tensor, wanted: readonly number[], name: string) =>
        expectAllClose(await tensor.data(), wanted, undefined, name);
      await check(output.posterior, expected.corruptedPosterior.data, 'corrupted posterior');
      await check(output.classificationCost, [expected.classificationCost], 'classification cost');
      for (const [l, cost] of output.denoisingCosts.entries()) {
        await check(cost, [expected.denoisingCosts[l] as number], `denoising cost of layer ${l}`);
      }
      expect(output.denoisingCosts).toHaveLength(expected.denoisingCosts.length);
      await check(output.cost, [expected.cost], 'cost');
      const clean = network.predict(rows.labeled, { statistics: 'batch' });
      await check(clean, expected.cleanPosterior.data, 'clean posterior');

      const tree = network.parameters();
      const { value, grads } = tf.variableGrads(() => network.cost(rows, step).cost, Object.values(tree));
      for (const [name, variable] of Object.entries(tree)) {
        const gradient = grads[variable.name] as tf.Tensor;
        expectAllClose(
          await gradient.data(),
          (expected.gradients[name] as GoldenTensor).data,
          GRADIENT_TOLERANCE,
          `gradient of ${name}`,
        );
      }
      tf.dispose([rows, noise, output, clean, value, grads]);
      network.dispose();
    }));

  it.each([
    ['Gamma', config.costWeights.map((weight, l) => (l === above.length ? weight : 0))],
    ['bottom', config.costWeights.map((weight, l) => (l === 0 ? weight : 0))],
    ['supervised', config.costWeights.map(() => 0)],
  ])('has the costs of its layers alone as the %s variant', (_variant, costWeights) =>
    expectNoLeak(async () => {
      const network = goldenNetwork(costWeights);
      const { rows, noise } = goldenInputs();
      const output = network.cost(rows, { random: createRandom(0), noise });
      const wanted = costWeights.reduce(
        (sum, weight, l) => sum + weight * (expected.denoisingCosts[l] as number),
        expected.classificationCost,
      );
      expectAllClose(await output.cost.data(), [wanted]);
      // Nothing that has no part in the cost is kept.
      const tree = network.parameters();
      const { value, grads } = tf.variableGrads(() => network.cost(rows, { random: createRandom(0), noise }).cost);
      expect(Object.values(tree).filter(({ name }) => grads[name] === null || grads[name] === undefined)).toEqual([]);
      tf.dispose([rows, noise, output, value, grads]);
      network.dispose();
    }),
  );
});
