import { inMemoryDataset, type Dataset } from '@taggerjs/datasets';
import { references } from '@taggerjs/nn/testing';
import { createRandom, type Random } from '@taggerjs/random';
import { train } from '@taggerjs/train';

import { makeModel, readParameters } from '../make-model';
import type { ParityCase, Quantity } from '../parity-case';
import { centralDifferences } from '../reference/central-differences';
import { tagger64, type Inputs64, type ModelDescription } from '../reference/tagger64';
import { tensor64, type Tensors64 } from '../reference/tensor64';
import { EXACT, MODEL_VALUE } from '../tolerances';

const STEPS = 10;
const BATCH = 2;
const SEED = 'parity';
const LEARNING_RATE = 0.01;

const common = {
  groups: 3,
  inputSize: 8,
  sizes: [5, 4, 3],
  iterations: 2,
  norm: 'layer',
  gate: 'sigmoid',
  initialPrediction: 0.4,
  predictionInput: 'probability',
  classifies: false,
} as const;

const MODELS: Readonly<Record<string, ModelDescription>> = {
  'bit flips': { ...common, noise: { kind: 'bitflip', probability: 0.2 } },
  'Gaussian noise': { ...common, noise: { kind: 'gaussian', standardDeviation: 0.2, form: 'algorithm' } },
};

/**
 * Ten steps of training from one seed: the same initial weights, noise and batches on every backend, against the same
 * ten steps in float64, whose gradients are central differences of the whole model.
 */
export function trainingCases(): ParityCase[] {
  return Object.entries(MODELS).map(([name, description]) => ({
    name: `${STEPS} steps of training, ${name}`,
    group: 'training',
    operations: [],
    tolerance: {
      value: {
        ...MODEL_VALUE,
        relative: 1e-4,
        reason: 'costs of ten steps: each step moves the parameters by rounded gradients, and the next starts there',
      },
      gradient: {
        relative: 0,
        absolute: 0.02 * LEARNING_RATE * STEPS,
        reason:
          'the way of each parameter in ten steps, within 2 % of the longest (ten learning rates): Adam divides by the ' +
          "gradient's own size, so that it magnifies the roundings of gradients close to zero",
      },
    },
    run: () => runTraining(name, description),
  }));
}

async function runTraining(name: string, description: ModelDescription) {
  const quantities: Quantity[] = [];
  const dataset = bars(description);
  const tagger = makeModel(description, SEED);
  try {
    const initial = await readParameters(tagger.parameters());
    const right = await expectationOf(name, description, initial, dataset);
    for (const [path, { data }] of Object.entries(right.drawn)) {
      const actual = (initial[path] as { data: Float64Array }).data;
      quantities.push({ label: `initial '${path}'`, kind: 'value', actual, expected: data, tolerance: EXACT });
    }
    const costs: number[] = [];
    for await (const event of train({
      tagger,
      dataset,
      steps: STEPS,
      batchSize: BATCH,
      seed: SEED,
      learningRate: LEARNING_RATE,
    })) {
      if (event.type === 'step') costs.push(event.cost);
    }
    costs.forEach((cost, step) =>
      quantities.push({
        label: `cost of step ${step + 1}`,
        kind: 'value',
        actual: [cost],
        expected: [right.costs[step] as number],
      }),
    );
    for (const [path, { data }] of Object.entries(await readParameters(tagger.parameters()))) {
      const expected = (right.parameters[path] as { data: Float64Array }).data;
      quantities.push({ label: `'${path}' after ${STEPS} steps`, kind: 'gradient', actual: data, expected });
    }
  } finally {
    tagger.dispose();
  }
  return { quantities };
}

interface Expectation {
  /** Initial weights, drawn from the seed without any backend. */
  readonly drawn: Tensors64;
  readonly costs: readonly number[];
  readonly parameters: Tensors64;
}

/** References by case: computed once, whatever the number of backends. */
const expectations = new Map<string, Promise<Expectation>>();

function expectationOf(
  name: string,
  description: ModelDescription,
  initial: Tensors64,
  dataset: Dataset,
): Promise<Expectation> {
  const known = expectations.get(name) ?? trainInFloat64(description, initial, dataset);
  expectations.set(name, known);
  return known;
}

async function trainInFloat64(
  description: ModelDescription,
  initial: Tensors64,
  dataset: Dataset,
): Promise<Expectation> {
  const drawn = drawnWeights(createRandom(SEED).fork('parameters'), initial);
  let parameters: Tensors64 = { ...initial, ...drawn };
  const zeros = ({ shape, data }: Tensors64[string]) => tensor64(shape, new Float64Array(data.length));
  const moments = Object.fromEntries(
    Object.entries(parameters).map(([name, tensor]) => [name, { m: zeros(tensor), v: zeros(tensor) }]),
  );
  const costs: number[] = [];
  for await (const batch of dataset.batches({ batchSize: BATCH, seed: SEED })) {
    const step = costs.length;
    const random = createRandom(SEED).fork('train').fork('step', step);
    const inputs = inputsOf(description, batch.inputs, random);
    const costOf = (tensors: Tensors64) => tagger64(description, tensors, inputs).cost;
    costs.push(costOf(parameters));
    const moved: Record<string, Tensors64[string]> = {};
    for (const [name, parameter] of Object.entries(parameters)) {
      const { shape, data } = parameter;
      const elements = Array.from(data, (_, i) => i);
      const gradient = tensor64(shape, centralDifferences(parameters, name, elements, costOf));
      const { m, v } = moments[name] as { m: Tensors64[string]; v: Tensors64[string] };
      const [next, nextM, nextV] = references.adamUpdate(
        { parameter, gradient, m, v },
        { learningRate: LEARNING_RATE, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, step: step + 1 },
      ) as [Tensors64[string], Tensors64[string], Tensors64[string]];
      moved[name] = next;
      moments[name] = { m: nextM, v: nextV };
    }
    parameters = moved;
    if (costs.length === STEPS) break;
  }
  return { drawn, costs, parameters };
}

/** The weights N(0, 1 / fan_in) of a Tagger with a Ladder, from the random stream of its parameters. */
function drawnWeights(random: Random, parameters: Tensors64): Tensors64 {
  const drawn: Record<string, Tensors64[string]> = {};
  for (const [path, { shape }] of Object.entries(parameters)) {
    const [fanIn, fanOut] = shape;
    if (fanIn === undefined || fanOut === undefined) continue;
    const stream = path.split('/').reduce((from, name) => from.fork(name), random);
    drawn[path] = tensor64(shape, stream.normal(fanIn * fanOut, { standardDeviation: 1 / Math.sqrt(fanIn) }));
  }
  return drawn;
}

/** A batch's noise and initial assignments, from the random stream of its step. */
function inputsOf({ groups: K, inputSize: N, noise }: ModelDescription, clean: Float32Array, random: Random): Inputs64 {
  const B = clean.length / N;
  const stream = random.fork('noise');
  const draws =
    noise.kind === 'bitflip'
      ? stream.bernoulli(B * N, { probability: noise.probability })
      : stream.normal(B * N, { standardDeviation: noise.standardDeviation });
  const corrupted = Float32Array.from(clean, (value, i) => {
    const draw = draws[i] as number;
    return noise.kind === 'bitflip' ? Math.abs(value - draw) : value + draw;
  });
  const byExample = random.fork('assignment').normal(B * K * N);
  const assignmentLogits = new Float64Array(K * B * N);
  for (let b = 0; b < B; b++)
    for (let k = 0; k < K; k++)
      for (let n = 0; n < N; n++) assignmentLogits[(k * B + b) * N + n] = byExample[(b * K + k) * N + n] as number;
  return {
    clean: tensor64([B, N], clean),
    corrupted: tensor64([B, N], corrupted),
    assignmentLogits: tensor64([K, B, N], assignmentLogits),
  };
}

/** Bars of ones, or of two grey values, at places that differ. */
function bars({ inputSize: N, noise }: ModelDescription): Dataset {
  const size = 40;
  const inputs = new Float32Array(size * N);
  for (let e = 0; e < size; e++)
    for (let n = 0; n < N; n++) {
      const inside = (n + 3 * e) % N < 3 || (n + 5 * e) % N === 6;
      inputs[e * N + n] = noise.kind === 'bitflip' ? Number(inside) : inside ? 0.9 - 0.05 * (e % 4) : 0.1 * (n % 3);
    }
  return inMemoryDataset({ name: 'bars', inputShape: [N], inputs });
}
