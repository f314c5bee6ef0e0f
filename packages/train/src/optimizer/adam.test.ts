import { describeBackends, expectAllClose, expectNoLeak } from '@taggerjs-tools/testing';
import * as tf from '@tensorflow/tfjs-core';

import { createAdam } from './adam';

describeBackends('createAdam', () => {
  it('follows Algorithm 1, written out in float64', async () => {
    await expectNoLeak(async () => {
      const p = tf.tidy(() => tf.variable(tf.tensor1d([1, -2, 3])));
      const adam = createAdam({ p });
      const expected = [1, -2, 3];
      const m = [0, 0, 0];
      const v = [0, 0, 0];
      for (let t = 1; t <= 5; t++) {
        const gradient = expected.map((_, i) => Math.sin(i + 2 * t));
        const g = tf.tensor1d(gradient);
        adam.update({ p: g }, 0.1);
        g.dispose();
        for (let i = 0; i < 3; i++) {
          m[i] = 0.9 * m[i]! + 0.1 * gradient[i]!;
          v[i] = 0.999 * v[i]! + 0.001 * gradient[i]! ** 2;
          expected[i]! -= (0.1 * (m[i]! / (1 - 0.9 ** t))) / (Math.sqrt(v[i]! / (1 - 0.999 ** t)) + 1e-8);
        }
      }
      expectAllClose(await p.data(), expected, { relative: 1e-5, absolute: 1e-6 });
      expect(adam.step).toBe(5);
      adam.dispose();
      p.dispose();
    });
  });

  it('leaves parameters without a gradient as they are', async () => {
    const p = tf.tidy(() => tf.variable(tf.scalar(1)));
    const adam = createAdam({ p });
    adam.update({}, 0.1);
    expectAllClose(await p.data(), [1]);
    adam.dispose();
    p.dispose();
  });

  it.each([{ beta1: 1 }, { beta2: -0.1 }, { epsilon: 0 }, { beta1: NaN }])('refuses %j', (options) => {
    expect(() => createAdam({}, options)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
  });
});
