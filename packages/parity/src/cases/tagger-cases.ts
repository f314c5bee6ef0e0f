import { GAUSSIAN_ERROR_FORMS } from '@taggerjs/nn';
import { uneven, unevenBits } from '@taggerjs/nn/testing';
import { createRandom } from '@taggerjs/random';

import { makeModel, readParameters } from '../make-model';
import type { ParityCase } from '../parity-case';
import { centralDifferences, spreadIndices } from '../reference/central-differences';
import { tagger64, type Inputs64, type ModelDescription } from '../reference/tagger64';
import { tensor64 } from '../reference/tensor64';
import { MODEL_GRADIENT, MODEL_VALUE } from '../tolerances';
import { modelQuantities, type ExpectedModel } from './model-quantities';
import { unevenParameters } from './uneven-parameters';

const BATCH = 6;
const CLASS_WEIGHT = 0.1;

const common = {
  groups: 4,
  inputSize: 49,
  sizes: [40, 24, 11],
  iterations: 3,
  initialPrediction: 0.26,
  predictionInput: 'probability',
  classifies: false,
} as const;

const models = (): Readonly<Record<string, ModelDescription>> => ({
  'bit flips, layer norm': {
    ...common,
    norm: 'layer',
    gate: 'sigmoid',
    noise: { kind: 'bitflip', probability: 0.2 },
  },
  'bit flips, batch norm, logits as input, classes': {
    ...common,
    norm: 'batch',
    gate: 'linear',
    noise: { kind: 'bitflip', probability: 0.2 },
    predictionInput: 'logit',
    classifies: true,
  },
  'Gaussian, residual error, layer norm, classes': {
    ...common,
    norm: 'layer',
    gate: 'sigmoid',
    noise: { kind: 'gaussian', standardDeviation: 0.2, form: 'residual' },
    classifies: true,
  },
  'bit flips, three channels, layer norm': {
    ...common,
    inputSize: 48,
    channels: 3,
    norm: 'layer',
    gate: 'sigmoid',
    noise: { kind: 'bitflip', probability: 0.2 },
  },
  ...Object.fromEntries(
    GAUSSIAN_ERROR_FORMS.map((form) => [
      `Gaussian, ${form} error, three channels, batch norm`,
      {
        ...common,
        inputSize: 48,
        channels: 3,
        norm: 'batch',
        gate: 'sigmoid',
        noise: { kind: 'gaussian', standardDeviation: 0.2, form },
      } satisfies ModelDescription,
    ]),
  ),
});

/** Taggers of the size of a small experiment: every intermediate, cost, and two elements of every gradient. */
export function taggerCases(): ParityCase[] {
  return Object.entries(models()).map(([name, description]) => ({
    name: `Tagger, ${name}`,
    group: 'tagger',
    operations: [],
    tolerance: { value: MODEL_VALUE, gradient: MODEL_GRADIENT },
    async run() {
      const { parameters, inputs, expected } = await expectationOf(name, description);
      return { quantities: await modelQuantities(description, { parameters, inputs }, expected) };
    },
  }));
}

type Expectation = {
  readonly parameters: Awaited<ReturnType<typeof readParameters>>;
  readonly inputs: Inputs64;
  readonly expected: ExpectedModel;
};

/** References by case: computed once for all backends. */
const expectations = new Map<string, Expectation>();

async function expectationOf(name: string, description: ModelDescription): Promise<Expectation> {
  const known = expectations.get(name);
  if (known) return known;
  const model = makeModel(description, 'parity');
  const parameters = unevenParameters(await readParameters(model.parameters()));
  model.dispose();
  const inputs = inputsOf(description);
  const total = (tensors: typeof parameters) => {
    const { cost, classCost = 0 } = tagger64(description, tensors, inputs);
    return cost + CLASS_WEIGHT * classCost;
  };
  const gradients = Object.fromEntries(
    Object.entries(parameters).map(([path, { shape, data }]) => {
      const elements = spreadIndices(data.length, 2);
      return [path, { shape, elements, data: centralDifferences(parameters, path, elements, total) }];
    }),
  );
  const output = tagger64(description, parameters, inputs);
  const expectation = { parameters, inputs, expected: { output, gradients, classWeight: CLASS_WEIGHT } };
  expectations.set(name, expectation);
  return expectation;
}

function inputsOf({ groups: K, inputSize: N, channels = 1, noise, classifies, sizes }: ModelDescription): Inputs64 {
  const P = N / channels;
  const binary = noise.kind === 'bitflip';
  const float32 = ({ shape, data }: { shape: readonly number[]; data: readonly number[] }) =>
    tensor64(shape, Float32Array.from(data));
  const classes = (sizes.at(-1) as number) - 1;
  return {
    clean: float32(binary ? unevenBits([BATCH, N], 1) : uneven([BATCH, N], { from: 0, to: 1, seed: 1 })),
    corrupted: float32(binary ? unevenBits([BATCH, N], 2) : uneven([BATCH, N], { from: -0.3, to: 1.3, seed: 2 })),
    assignmentLogits: tensor64([K, BATCH, P], createRandom('parity').normal(K * BATCH * P)),
    ...(classifies && {
      targets: tensor64(
        [BATCH, classes],
        Array.from({ length: BATCH * classes }, (_, i) =>
          Number(i % classes === (3 * Math.floor(i / classes)) % classes),
        ),
      ),
    }),
  };
}
