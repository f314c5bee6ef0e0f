import { readTree } from '@taggerjs/nn';
import { createRandom } from '@taggerjs/random';
import { describeBackends, expectNoLeak } from '@taggerjs-tools/testing';
import * as tf from '@tensorflow/tfjs-core';

import { binaryRows, smallTagger, type SmallTaggerOptions } from '../testing/small-tagger';

/** Cost and gradients by name, as plain arrays. */
async function gradients(options: SmallTaggerOptions, gradientCheckpointing: boolean) {
  const tagger = smallTagger({ ...options, seed: 3 });
  const x = tf.tensor2d(binaryRows(5), [5, 12]);
  const parameters = tagger.parameters();
  const { value, grads } = tf.variableGrads(
    () =>
      tagger.run(x, { random: createRandom(1), training: true, gradientCheckpointing, keep: ['modelingError'] }).cost,
    Object.values(parameters),
  );
  const result: Record<string, ArrayLike<number>> = { cost: await value.data() };
  for (const [name, variable] of Object.entries(parameters)) result[name] = await grads[variable.name]!.data();
  tf.dispose([value, x]);
  tf.dispose(grads);
  tagger.dispose();
  return result;
}

const cases: SmallTaggerOptions[] = [
  {},
  { norm: 'batch', gate: 'linear' },
  { predictionInput: 'logit' },
  { noise: 'gaussian', form: 'exact' },
  { classes: 3 },
];

describeBackends('gradient checkpointing', () => {
  it.each(cases)('gives the same cost and gradients: %j', async (options) => {
    await expectNoLeak(async () => {
      expect(await gradients(options, true)).toEqual(await gradients(options, false));
    });
  });

  it('returns what keep requests', async () => {
    const tagger = smallTagger();
    const x = tf.tensor2d(binaryRows(5), [5, 12]);
    const [one, other] = [true, false].map((gradientCheckpointing) =>
      tagger.run(x, { random: createRandom(1), training: true, gradientCheckpointing, keep: ['topActivation'] }),
    );
    expect(await one!.iterations[2]!.topActivation!.data()).toEqual(await other!.iterations[2]!.topActivation!.data());
    tf.dispose([x, one!, other!]);
    tagger.dispose();
  });

  it('keeps fewer tensors for the backward pass', async () => {
    const tagger = smallTagger({ iterations: 6 });
    const x = tf.tensor2d(binaryRows(5), [5, 12]);
    const variables = Object.values(tagger.parameters());
    const held = (gradientCheckpointing: boolean) => {
      let most = 0;
      const { value, grads } = tf.variableGrads(() => {
        const { cost } = tagger.run(x, { random: createRandom(1), training: true, gradientCheckpointing });
        most = tf.memory().numDataBuffers;
        return cost;
      }, variables);
      tf.dispose([value]);
      tf.dispose(grads);
      return most;
    };
    const before = tf.memory().numDataBuffers;
    expect(held(true) - before).toBeLessThan(0.4 * (held(false) - before));
    expect(Object.keys(await readTree(tagger.state()))).toEqual([]);
    x.dispose();
    tagger.dispose();
  });
});
