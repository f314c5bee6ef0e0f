import { readTree } from '@taggerjs/nn';
import { createRandom } from '@taggerjs/random';
import { describeBackends, expectNoLeak, withCode } from '@taggerjs-tools/testing';
import * as tf from '@tensorflow/tfjs-core';

import { spectral } from './spectral';
import { checkCore } from '../testing';

const CONTEXT = { iteration: 0, training: false, random: createRandom(2), groups: 1, statistics: 'batch' } as const;

/** The core of images [rows, columns] whose inputs are like no training data. */
function coreOf(options: Parameters<typeof spectral>[0], inputShape: readonly [number, number]) {
  const inputSize = inputShape[0] * inputShape[1];
  return spectral(options).create({ inputShape, inputSize, random: createRandom(1) });
}

describeBackends('spectral', () => {
  it.each(['layer', 'batch'] as const)('conforms (%s norm)', async (norm) => {
    const options = { inputShape: [4, 4], groups: 2, batch: 2, iterations: 2, rowsIndependent: norm === 'layer' };
    await checkCore(spectral({ channels: [3, 2], norm }), options);
  });

  it('conforms with color images', async () => {
    const options = { inputShape: [4, 4, 3], channels: 3, groups: 2, batch: 2, rowsIndependent: true };
    await checkCore(spectral({ channels: [3, 2] }), options);
  });

  it('conforms at one size, with predictions that begin as the data are', async () => {
    await checkCore(spectral({ channels: [3], predictionInit: 'data' }), {
      inputShape: [3, 2, 1],
      rowsIndependent: true,
    });
  });

  it('begins as the data are', async () => {
    const core = spectral({ channels: [3], predictionInit: 'data' }).create({
      inputShape: [1, 3],
      inputSize: 3,
      random: createRandom(1),
      data: { mean: 0.25, standardDeviation: 0.5 },
    });
    const { gain_z, bias_z } = await readTree(core.parameters());
    expect(gain_z).toEqual({ shape: [3], data: Float32Array.of(0.5, 0.5, 0.5) });
    expect(bias_z).toEqual({ shape: [3], data: Float32Array.of(0.25, 0.25, 0.25) });
    core.dispose();
  });

  it('before training, predicts the stronger of two waves that it is shown', async () => {
    const core = coreOf({ channels: [2], sharpness: 20 }, [8, 8]);
    const wave = (p: number, q: number) =>
      Array.from({ length: 64 }, (_, n) => Math.cos((2 * Math.PI * (p * Math.floor(n / 8) + q * (n % 8))) / 8 + 1));
    const [strong, weak, zeros] = [wave(1, 2), wave(3, 1), new Array<number>(64).fill(0)];
    const dz = strong.map((value, n) => value + 0.7 * weak[n]!);
    const input = tf.tensor2d([...zeros, ...zeros, ...dz, ...zeros], [1, 256]);
    const { predictionLogits, assignmentLogits } = core.apply(input, CONTEXT);
    // Of variance one, as layer normalization has it, which also moves each part by the mean of all.
    (await predictionLogits.data()).forEach((value, n) => expect(value).toBeCloseTo(Math.SQRT2 * strong[n]!, 1));
    tf.dispose([input, predictionLogits, assignmentLogits]);
    core.dispose();
  });

  it('assigns smoothly: coarse images, enlarged', async () => {
    const core = coreOf({ channels: [4, 4] }, [4, 4]);
    const logits = tf.tidy(() => core.apply(tf.randomNormal([1, 64], 0, 1, 'float32', 3), CONTEXT).assignmentLogits);
    const row = await logits.data();
    const at = (y: number, x: number) => row[4 * y + x]!;
    // The corners are the four coarse pixels; all others lie between them, at quarters.
    const place = [0, 0.25, 0.75, 1];
    for (let y = 0; y < 4; y++) {
      for (let x = 0; x < 4; x++) {
        const [v, u] = [place[y]!, place[x]!];
        const [above, below] = [(1 - u) * at(0, 0) + u * at(0, 3), (1 - u) * at(3, 0) + u * at(3, 3)];
        expect(at(y, x)).toBeCloseTo((1 - v) * above + v * below, 5);
      }
    }
    logits.dispose();
    core.dispose();
  });

  it('gives every pixel the average of its image', async () => {
    const core = coreOf({ channels: [4, 4] }, [16, 16]);
    const far = (value: number) =>
      tf.tidy(() => {
        const input = tf.tensor2d(
          Array.from({ length: 4 * 256 }, (_, n) => Math.sin(n) + (n === 0 ? value : 0)),
          [1, 4 * 256],
        );
        return tf.slice(core.apply(input, CONTEXT).assignmentLogits, [0, 255], [1, 1]);
      });
    const [without, with_] = [far(0), far(100)];
    expect(await without.data()).not.toEqual(await with_.data());
    tf.dispose([without, with_]);
    core.dispose();
  });
});

describeBackends('spectral, made', () => {
  it('in a tidy, lives on after it', () =>
    expectNoLeak(() => {
      const core = tf.tidy(() => coreOf({ channels: [2, 3] }, [4, 4]) as unknown as tf.TensorContainer);
      const made = core as unknown as ReturnType<typeof coreOf>;
      tf.tidy(() => {
        made.apply(tf.ones([2, 64]), CONTEXT);
      });
      made.dispose();
    }));

  it.each<[[number, number]]>([[[6, 8]], [[2, 2]]])('refuses images of %j, and leaves no tensor behind', (inputShape) =>
    expectNoLeak(() => {
      const channels = inputShape[0] === 2 ? [2] : [2, 2, 2];
      expect(() => coreOf({ channels }, inputShape)).toThrow(withCode('INVALID_OPTION'));
    }),
  );
});

describe('spectral', () => {
  it.each([
    [{}, 'channels'],
    [{ channels: [3], sharpness: -1 }, 'sharpness'],
    [{ channels: [3], sharpness: 'hard' }, 'sharpness'],
    [{ channels: [3], norm: 'group' }, 'norm'],
    [{ channels: [3], predictionInit: 'zero' }, 'predictionInit'],
    [{ channels: [3], size: 2 }, 'size'],
  ])('refuses %j', (options, name) => {
    expect(() => spectral(options as never)).toThrow(withCode('INVALID_OPTION', name));
  });
});
