import { describeBackends, expectAllClose, expectNoLeak } from '@taggerjs-tools/testing';
import * as tf from '@tensorflow/tfjs-core';

import { calibrate } from './calibrate';
import { group } from './group';
import { binaryRows, smallTagger } from '../testing/small-tagger';

describeBackends('group', () => {
  it('returns plain arrays, the same for every batch size', async () => {
    await expectNoLeak(async () => {
      const tagger = smallTagger();
      const inputs = binaryRows(7);
      const whole = await group(tagger, inputs, { iterations: 5 });
      const parts = await group(tagger, inputs, { iterations: 5, batchSize: 3 });
      expect(whole).toMatchObject({ size: 7, groups: 4, inputSize: 12, corrupted: inputs });
      expect(whole.iterations).toHaveLength(5);
      for (const [i, iteration] of whole.iterations.entries()) {
        const same = parts.iterations[i]!;
        expect(iteration.prediction).toHaveLength(4 * 7 * 12);
        expectAllClose(same.assignment, iteration.assignment);
        expectAllClose(same.prediction, iteration.prediction);
        expectAllClose([same.cost], [iteration.cost]);
      }
      tagger.dispose();
    });
  });

  it('assigns pixels and predicts each of their channels, the same for every batch size', async () => {
    await expectNoLeak(async () => {
      for (const noise of ['bitflip', 'gaussian'] as const) {
        const tagger = smallTagger({ noise, inputShape: [2, 2, 3] });
        const inputs = binaryRows(5);
        const whole = await group(tagger, inputs);
        const parts = await group(tagger, inputs, { batchSize: 2 });
        expect(whole).toMatchObject({ size: 5, groups: 4, inputSize: 12, channels: 3 });
        const { prediction, assignment, segments } = whole.iterations[2]!;
        expect([prediction.length, assignment.length, segments.length]).toEqual([4 * 5 * 12, 4 * 5 * 4, 5 * 4]);
        expectAllClose(parts.iterations[2]!.assignment, assignment);
        expectAllClose(parts.iterations[2]!.prediction, prediction);
        tagger.dispose();
      }
    });
  });

  it('uses the group with the largest assignment as the segment of an element', async () => {
    const tagger = smallTagger();
    const { iterations } = await group(tagger, binaryRows(2), { groups: 3 });
    const { assignment, segments } = iterations[0]!;
    for (let e = 0; e < 24; e++) {
      const of = [0, 1, 2].map((k) => assignment[k * 24 + e]!);
      expect(segments[e]).toBe(of.indexOf(Math.max(...of)));
    }
    tagger.dispose();
  });

  it('accepts a tensor, and the same seed gives the same groups', async () => {
    const tagger = smallTagger();
    const x = tf.tensor2d(binaryRows(2), [2, 12]);
    const [one, two, other] = [
      await group(tagger, x, { seed: 4 }),
      await group(tagger, x, { seed: 4 }),
      await group(tagger, x, { seed: 5 }),
    ];
    expect(two).toEqual(one);
    expect(other.iterations[0]!.assignment).not.toEqual(one.iterations[0]!.assignment);
    x.dispose();
    tagger.dispose();
  });

  it('returns the corrupted inputs', async () => {
    const tagger = smallTagger();
    const inputs = binaryRows(50);
    const { corrupted } = await group(tagger, inputs, { corrupt: true });
    const flipped = corrupted.filter((value, i) => value !== inputs[i]).length / inputs.length;
    expect(flipped).toBeGreaterThan(0.1);
    expect(flipped).toBeLessThan(0.3);
    tagger.dispose();
  });

  it('corrupts each input the same in every batch', async () => {
    await expectNoLeak(async () => {
      const tagger = smallTagger();
      const inputs = binaryRows(7);
      const how = { corrupt: true, seed: 3 };
      const whole = await group(tagger, inputs, how);
      const parts = await group(tagger, inputs, { ...how, batchSize: 3 });
      expect(parts.corrupted).toEqual(whole.corrupted);
      const last = await group(tagger, inputs.slice(5 * 12), { ...how, firstExample: 5 });
      expect(last.corrupted).toEqual(whole.corrupted.slice(5 * 12));
      for (const [i, { assignment }] of whole.iterations.entries()) {
        expectAllClose(parts.iterations[i]!.assignment, assignment);
        for (let k = 0; k < 4; k++) {
          const own = last.iterations[i]!.assignment.slice(k * 24, (k + 1) * 24);
          expectAllClose(own, assignment.slice((k * 7 + 5) * 12, (k + 1) * 7 * 12));
        }
      }
      tagger.dispose();
    });
  });

  it.each<object>([
    { firstExample: -1 },
    { firstExample: 0.5 },
    { batchSize: 0 },
    { groups: 257 },
    { iterations: 1.5 },
    { statistics: 'running' },
    { itrations: 3 },
  ])('refuses %j', async (options) => {
    const tagger = smallTagger();
    await expect(group(tagger, binaryRows(1), options)).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    tagger.dispose();
  });

  it('returns the class posterior of a core that classifies', async () => {
    const tagger = smallTagger({ classes: 3 });
    const { iterations } = await group(tagger, binaryRows(4), { batchSize: 3 });
    expect(iterations.slice(0, -1).every(({ classPosterior }) => classPosterior === undefined)).toBe(true);
    const posterior = iterations.at(-1)!.classPosterior!;
    expect(posterior).toHaveLength(12);
    for (let b = 0; b < 4; b++) {
      expectAllClose([posterior.slice(3 * b, 3 * b + 3).reduce((sum, p) => sum + p)], [1]);
    }
    tagger.dispose();
  });

  it('leaks nothing if it fails', async () => {
    await expectNoLeak(async () => {
      const tagger = smallTagger({ norm: 'batch' });
      await expect(group(tagger, binaryRows(3))).rejects.toMatchObject({ code: 'NOT_CALIBRATED' });
      tagger.dispose();
    });
  });

  it('refuses a number of values that is not a multiple of the input size', async () => {
    const tagger = smallTagger();
    await expect(group(tagger, new Float32Array(25))).rejects.toMatchObject({ code: 'INVALID_SHAPE' });
    tagger.dispose();
  });
});

describeBackends('calibrate', () => {
  it('makes the groups of an example independent of its batch (batch norm)', async () => {
    await expectNoLeak(async () => {
      const tagger = smallTagger({ norm: 'batch' });
      const batches = [{ inputs: binaryRows(20) }, { inputs: binaryRows(13) }];
      await calibrate(tagger, batches, { iterations: 4 });
      const inputs = binaryRows(6);
      const among = await group(tagger, inputs, { iterations: 4 });
      const alone = await group(tagger, inputs, { iterations: 4, batchSize: 1 });
      expectAllClose(alone.iterations[3]!.assignment, among.iterations[3]!.assignment);
      tagger.dispose();
    });
  });

  it('almost equals the statistics of the batch if there is only one', async () => {
    const tagger = smallTagger({ norm: 'batch' });
    const inputs = binaryRows(30);
    await calibrate(tagger, [{ inputs }], { iterations: 3 });
    const calibrated = await group(tagger, inputs, { iterations: 1, seed: 9 });
    const batch = await group(tagger, inputs, { iterations: 1, seed: 9, statistics: 'batch' });
    // The initial assignments differ, so the statistics differ slightly.
    expectAllClose(calibrated.iterations[0]!.prediction, batch.iterations[0]!.prediction, {
      relative: 0.15,
      absolute: 0,
    });
    tagger.dispose();
  });

  it('covers only the calibrated iterations', async () => {
    const tagger = smallTagger({ norm: 'batch' });
    await calibrate(tagger, [{ inputs: binaryRows(20) }], { iterations: 2 });
    await expect(group(tagger, binaryRows(2), { iterations: 3 })).rejects.toMatchObject({ code: 'NOT_CALIBRATED' });
    tagger.dispose();
  });

  it('starts again each time', async () => {
    const tagger = smallTagger({ norm: 'batch' });
    const counts = async () =>
      Object.entries(tagger.state())
        .filter(([name]) => name.endsWith('count'))
        .map(([, v]) => v.dataSync()[0]);
    await calibrate(tagger, [{ inputs: binaryRows(20) }], { iterations: 1 });
    const first = await counts();
    await calibrate(tagger, [{ inputs: binaryRows(20) }], { iterations: 1 });
    expect(first.length).toBeGreaterThan(0);
    expect(await counts()).toEqual(first);
    tagger.dispose();
  });

  it('does not affect layer normalization', async () => {
    const tagger = smallTagger();
    await calibrate(tagger, [{ inputs: binaryRows(3) }]);
    expect(tagger.state()).toEqual({});
    tagger.dispose();
  });

  it('leaks nothing if it fails', async () => {
    await expectNoLeak(async () => {
      const tagger = smallTagger({ norm: 'batch' });
      await expect(calibrate(tagger, [{ inputs: binaryRows(3) }], { groups: 0 })).rejects.toMatchObject({
        code: 'INVALID_OPTION',
      });
      tagger.dispose();
    });
  });

  it('refuses an empty list of batches, and unknown options', async () => {
    const tagger = smallTagger({ norm: 'batch' });
    await expect(calibrate(tagger, [])).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    await expect(calibrate(tagger, [], { itrations: 5 } as object)).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    tagger.dispose();
  });
});
