import { createRandom } from '@taggerjs/random';
import { describeBackends, expectNoLeak } from '@taggerjs-tools/testing';
import * as tf from '@tensorflow/tfjs-core';

import { initialAssignmentLogits } from './initial-assignment';

/** The logits as numbers by group, example and element. */
async function logits(size: Parameters<typeof initialAssignmentLogits>[1], seed: number | string = 1) {
  const tensor = initialAssignmentLogits(createRandom(seed), size);
  const values = (await tensor.array()) as number[][][];
  tensor.dispose();
  return values;
}

describeBackends('initialAssignmentLogits', () => {
  it('are [K, B, N], and leave nothing behind', async () => {
    await expectNoLeak(() => {
      const tensor = initialAssignmentLogits(createRandom(1), { groups: 3, batch: 2, inputSize: 5 });
      expect(tensor.shape).toEqual([3, 2, 5]);
      tf.dispose(tensor);
    });
  });

  it('are normal numbers, one stream of K N for each example', async () => {
    const [groups, batch, inputSize] = [3, 2, 5];
    const values = await logits({ groups, batch, inputSize });
    const stream = createRandom(1).normal(groups * batch * inputSize);
    for (let k = 0; k < groups; k++)
      for (let b = 0; b < batch; b++)
        for (let n = 0; n < inputSize; n++) expect(values[k]![b]![n]).toBe(stream[(b * groups + k) * inputSize + n]);
  });

  it('of an example do not depend on the batch it comes in', async () => {
    const whole = await logits({ groups: 3, batch: 7, inputSize: 5 });
    const part = await logits({ groups: 3, batch: 2, inputSize: 5, firstExample: 4 });
    expect(part).toEqual(whole.map((examples) => examples.slice(4, 6)));
  });

  it('differ between groups, examples and seeds', async () => {
    const [one, two] = (await logits({ groups: 2, batch: 2, inputSize: 50 })) as [number[][], number[][]];
    const rows = [...one, ...two, ...(await logits({ groups: 2, batch: 2, inputSize: 50 }, 2)).flat()];
    expect(new Set(rows.map((row) => row.join())).size).toBe(8);
  });

  it('have mean 0 and variance 1', async () => {
    const values = (await logits({ groups: 4, batch: 10, inputSize: 1000 })).flat(2);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    // Five standard errors: 1 / sqrt(40000) and sqrt(2 / 40000).
    expect(Math.abs(mean)).toBeLessThan(0.025);
    expect(Math.abs(variance - 1)).toBeLessThan(0.036);
  });
});
