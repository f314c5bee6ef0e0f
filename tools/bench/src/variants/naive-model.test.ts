import '@tensorflow/tfjs-backend-cpu';

import { expectAllClose, GRADIENT_TOLERANCE, readGolden, type GoldenTensor } from '@taggerjs-tools/testing';
import * as tf from '@tensorflow/tfjs';

import type { StepSettings } from '../step-settings';
import { naiveCost, naiveParameters } from './naive-model';

interface Golden {
  readonly config: {
    readonly groups: number;
    readonly batch: number;
    readonly inputSize: number;
    readonly sizes: readonly number[];
    readonly iterations: number;
    readonly norm: StepSettings['norm'];
    readonly noise: { readonly kind: StepSettings['noise'] };
    readonly initialPrediction: number;
  };
  readonly inputs: Readonly<Record<'x' | 'corrupted' | 'assignmentLogits', GoldenTensor>>;
  readonly parameters: Readonly<Record<string, GoldenTensor>>;
  readonly expected: { readonly cost: number; readonly gradients: Readonly<Record<string, GoldenTensor>> };
}

const tensorOf = <R extends tf.Rank>({ data, shape }: GoldenTensor) => tf.tensor<R>([...data], [...shape] as never);

beforeAll(() => tf.setBackend('cpu'));

describe.each([
  'bitflip-layer-sigmoid',
  'bitflip-batch-sigmoid',
  'gaussian-layer-sigmoid-algorithm',
  'gaussian-batch-sigmoid-algorithm',
])('the naive model, %s', (name) => {
  it('has the cost and the gradients of the golden vector', async () => {
    const { config, inputs, parameters, expected } = readGolden<Golden>(`model/${name}`);
    const settings: StepSettings = { ...config, noise: config.noise.kind, task: 'training' };
    const P = naiveParameters(settings);
    expect(Object.keys(P).sort()).toEqual(Object.keys(parameters).sort());
    for (const [key, value] of Object.entries(parameters)) P[key]?.assign(tensorOf(value));

    const given = {
      x: tensorOf<tf.Rank.R2>(inputs.x),
      corrupted: tensorOf<tf.Rank.R2>(inputs.corrupted),
      logits: tensorOf<tf.Rank.R3>(inputs.assignmentLogits),
      initialPrediction: config.initialPrediction,
    };
    const { value, grads } = tf.variableGrads(() => naiveCost(P, settings, given), Object.values(P));
    expectAllClose(await value.data(), [expected.cost]);
    for (const [key, gradient] of Object.entries(expected.gradients)) {
      const actual = grads[(P[key] as tf.Variable).name] as tf.Tensor;
      expectAllClose(await actual.data(), gradient.data, GRADIENT_TOLERANCE, key);
    }
  });
});
