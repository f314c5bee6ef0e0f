import { ladderNetwork } from '@taggerjs/ladder';
import type { CombinatorGate } from '@taggerjs/nn';
import { uneven, type ReferenceTensor } from '@taggerjs/nn/testing';
import { createRandom } from '@taggerjs/random';
import * as tf from '@tensorflow/tfjs-core';

import { readParameters, setParameters } from '../make-model';
import type { ParityCase, Quantity } from '../parity-case';
import { centralDifferences, spreadIndices } from '../reference/central-differences';
import {
  ladderNetwork64,
  ladderPosterior64,
  type LadderCosts64,
  type LadderRows64,
} from '../reference/ladder-network64';
import { named, tensor64, type Tensors64 } from '../reference/tensor64';
import { MODEL_GRADIENT, MODEL_VALUE } from '../tolerances';
import { unevenParameters } from './uneven-parameters';
import { valueQuantity } from './value-quantity';

const INPUTS = 23;
const SIZES = [17, 13];
const CLASSES = 5;
const LAYERS = SIZES.length + 1;
const ROWS = { labeled: 9, unlabeled: 14 };
/** The streams of random numbers that the network draws the noise of its halves from. */
const STREAMS = { labeled: 'labelled', unlabeled: 'unlabelled' };
const NOISE = 0.3;

interface Variant {
  readonly name: string;
  readonly gate: CombinatorGate;
  /** lambda_0 .. lambda_L, similar in size to the paper's. */
  readonly costWeights: readonly number[];
}

const VARIANTS: readonly Variant[] = [
  { name: 'linear gate', gate: 'linear', costWeights: [10, 1, 0.1, 0.1] },
  { name: 'sigmoid gate', gate: 'sigmoid', costWeights: [10, 1, 0.1, 0.1] },
  { name: 'linear gate, the Gamma model', gate: 'linear', costWeights: [0, 0, 0, 1] },
];

/** The Ladder on its own: posteriors, every cost, the gradient of every parameter, its noise drawn from a seed. */
export function ladderNetworkCases(): ParityCase[] {
  return VARIANTS.map((variant) => ({
    name: `Ladder on its own, ${variant.name}`,
    group: 'ladder',
    operations: [],
    tolerance: { value: MODEL_VALUE, gradient: MODEL_GRADIENT },
    run: () => runLadderNetwork(variant),
  }));
}

async function runLadderNetwork(variant: Variant) {
  const { gate, costWeights } = variant;
  const quantities: Quantity[] = [];
  const random = createRandom('parity').fork('step');
  const rows = rowsOf(random);
  const network = ladderNetwork({ sizes: SIZES, costWeights, gate, noiseStandardDeviation: NOISE }).create({
    inputShape: [INPUTS],
    classes: CLASSES,
    random: createRandom('parity'),
  });
  const matrix = ({ shape, data }: ReferenceTensor) =>
    tf.tensor2d(Float32Array.from(data), shape as [number, number], 'float32');
  const inputs = {
    labeled: matrix(rows.labeled),
    targets: matrix(rows.targets),
    unlabeled: matrix(rows.unlabeled),
  };
  try {
    const variables = network.parameters();
    const right = expectationOf(variant, rows, await readParameters(variables));
    setParameters(variables, right.parameters);

    const { posterior, classificationCost, denoisingCosts, cost } = network.cost(inputs, { random });
    const clean = network.predict(inputs.labeled, { statistics: 'batch' });
    const { costs } = right;
    const number = (value: number | undefined) => tensor64([], value === undefined ? [] : [value]);
    quantities.push(
      await valueQuantity('corrupted posterior', posterior, costs.posterior),
      await valueQuantity('clean posterior', clean, right.posterior),
      await valueQuantity('classification cost', classificationCost, number(costs.classificationCost)),
      ...(await Promise.all(
        denoisingCosts.map((one, i) => valueQuantity(`denoising cost ${i}`, one, number(costs.denoisingCosts[i]))),
      )),
      await valueQuantity('cost', cost, number(costs.cost)),
    );
    tf.dispose([posterior, classificationCost, denoisingCosts, cost, clean]);

    const { value, grads } = tf.variableGrads(() => network.cost(inputs, { random }).cost, Object.values(variables));
    for (const [name, variable] of Object.entries(variables)) {
      const { elements, data } = right.gradients[name] as Expectation['gradients'][string];
      const all = await (grads[variable.name] as tf.Tensor).data();
      quantities.push({
        label: `gradient of '${name}'`,
        kind: 'gradient',
        actual: elements.map((element) => all[element] as number),
        expected: data,
        shapes: { actual: (grads[variable.name] as tf.Tensor).shape, expected: variable.shape },
      });
    }
    tf.dispose([value, grads]);
  } finally {
    tf.dispose(inputs);
    network.dispose();
  }
  return { quantities };
}

interface Expectation {
  readonly parameters: Tensors64;
  readonly costs: LadderCosts64;
  readonly posterior: ReferenceTensor;
  readonly gradients: Readonly<Record<string, { readonly elements: readonly number[]; readonly data: Float64Array }>>;
}

/** References by variant: computed once for all backends. */
const expectations = new Map<Variant, Expectation>();

function expectationOf(variant: Variant, rows: LadderRows64, initial: Tensors64): Expectation {
  const known = expectations.get(variant);
  if (known) return known;
  const parameters = unevenParameters(initial);
  const options = { layers: LAYERS, gate: variant.gate, costWeights: variant.costWeights };
  const evaluate = (tensors: Tensors64) => ladderNetwork64(rows, tensors, options);
  const gradients = Object.fromEntries(
    Object.keys(parameters).map((name) => {
      const elements = spreadIndices(named(parameters, name).data.length, 4);
      return [
        name,
        { elements, data: centralDifferences(parameters, name, elements, (tensors) => evaluate(tensors).cost) },
      ];
    }),
  );
  const expectation = {
    parameters,
    costs: evaluate(parameters),
    posterior: ladderPosterior64(rows.labeled, parameters, LAYERS),
    gradients,
  };
  expectations.set(variant, expectation);
  return expectation;
}

/** Inputs, classes, and the noise that the network draws from its random numbers. */
function rowsOf(random: ReturnType<typeof createRandom>): LadderRows64 {
  const sizes = [INPUTS, ...SIZES, CLASSES];
  const half = (name: keyof typeof ROWS, seed: number) => ({
    x: tensor64([ROWS[name], INPUTS], Float32Array.from(uneven([ROWS[name], INPUTS], { from: 0, to: 1, seed }).data)),
    noise: sizes.map((size, l) =>
      tensor64(
        [ROWS[name], size],
        random
          .fork(STREAMS[name])
          .fork(l)
          .normal(ROWS[name] * size, { standardDeviation: NOISE }),
      ),
    ),
  });
  const [labeled, unlabeled] = [half('labeled', 1), half('unlabeled', 2)];
  return {
    labeled: labeled.x,
    targets: tensor64(
      [ROWS.labeled, CLASSES],
      Array.from({ length: ROWS.labeled * CLASSES }, (_, i) =>
        Number(i % CLASSES === (2 * Math.floor(i / CLASSES)) % CLASSES),
      ),
    ),
    unlabeled: unlabeled.x,
    noise: { labeled: labeled.noise, unlabeled: unlabeled.noise },
  };
}
