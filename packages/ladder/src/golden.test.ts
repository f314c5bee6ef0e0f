import {
  describeBackends,
  expectAllClose,
  expectNoLeak,
  goldenTaggers,
  readGolden,
  type GoldenTensor,
} from '@taggerjs-tools/testing';
import { projected, type Core } from '@taggerjs/mapping';
import { assignTree, type CombinatorGate, type Norm } from '@taggerjs/nn';
import { createRandom } from '@taggerjs/random';
import * as tf from '@tensorflow/tfjs-core';

import { ladder } from './ladder';

interface GoldenTagger {
  readonly config: {
    readonly groups: number;
    readonly batch: number;
    readonly inputSize: number;
    readonly sizes: readonly [number, ...number[]];
    readonly norm: Norm;
    readonly gate: CombinatorGate;
    readonly noise: { readonly kind: 'bitflip' | 'gaussian' };
    readonly initialPrediction: number;
  };
  readonly inputs: { readonly assignmentLogits: GoldenTensor };
  readonly parameters: Readonly<Record<string, GoldenTensor>>;
  readonly expected: { readonly iterations: readonly Readonly<Record<'dz' | 'L' | 'z' | 'm' | 'top', GoldenTensor>>[] };
}

/** The core of a golden file, with the file's parameters except those of the noise model. */
function goldenCore({ config, parameters }: GoldenTagger): Core {
  const [hiddenSize, ...sizes] = config.sizes;
  const core = projected({
    hiddenSize,
    norm: config.norm,
    mapping: ladder({ sizes, gate: config.gate }),
  }).create({ inputSize: config.inputSize, inputShape: [config.inputSize], random: createRandom(0) });
  assignTree(
    core.parameters(),
    Object.fromEntries(
      Object.entries(parameters)
        .filter(([name]) => name !== 'logVariance')
        .map(([name, { shape, data }]) => [name, { shape, data: Float32Array.from(data) }]),
    ),
  );
  return core;
}

/** [z, m, dz, L], each [K, B, N] -> [K*B, 4N], group-major. */
function features(parts: readonly (readonly number[])[], { groups, batch, inputSize }: GoldenTagger['config']) {
  const data: number[] = [];
  for (let row = 0; row < groups * batch; row++) {
    for (const part of parts) data.push(...part.slice(row * inputSize, (row + 1) * inputSize));
  }
  return tf.tensor2d(data, [groups * batch, 4 * inputSize]);
}

/** The softmax over groups of [K, B, N], in float64. */
function softmaxOverGroups(logits: ArrayLike<number>, groups: number): number[] {
  const size = logits.length / groups;
  const at = (k: number, i: number) => logits[k * size + i] as number;
  return Array.from(logits, (value, j) => {
    const i = j % size;
    let sum = 0;
    for (let k = 0; k < groups; k++) sum += Math.exp(at(k, i) - value);
    return 1 / sum;
  });
}

describeBackends('projected(ladder) against the golden vectors', (backend) => {
  it.each(goldenTaggers)('%s: top softmax, next prediction and assignment', async (name) => {
    const golden = readGolden<GoldenTagger>(`model/${name}`);
    const { config, expected } = golden;
    await expectNoLeak(async () => {
      const core = goldenCore(golden);
      let z = Array.from({ length: config.groups * config.batch * config.inputSize }, () => config.initialPrediction);
      let m = softmaxOverGroups(golden.inputs.assignmentLogits.data, config.groups);
      for (const [iteration, step] of expected.iterations.entries()) {
        const input = features([z, m, [...step.dz.data], [...step.L.data]], config);
        const output = core.apply(input, {
          iteration,
          training: false,
          random: createRandom(0),
          groups: config.groups,
          statistics: 'batch',
          topActivation: true,
        });
        const zhat = await output.predictionLogits.data();
        const prediction = config.noise.kind === 'bitflip' ? Array.from(zhat, (v) => 1 / (1 + Math.exp(-v))) : zhat;
        const assignment = softmaxOverGroups(await output.assignmentLogits.data(), config.groups);
        const top = output.topActivation as tf.Tensor2D;
        const where = `${name} on ${backend}, iteration ${iteration}`;
        expectAllClose(await top.data(), step.top.data, undefined, `${where}: top`);
        expectAllClose(prediction, step.z.data, undefined, `${where}: z`);
        expectAllClose(assignment, step.m.data, undefined, `${where}: m`);
        tf.dispose([input, output.predictionLogits, output.assignmentLogits, top]);
        [z, m] = [[...step.z.data], [...step.m.data]];
      }
      core.dispose();
    });
  });
});
