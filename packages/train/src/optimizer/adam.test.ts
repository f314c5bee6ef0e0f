import { describeBackends, expectAllClose, expectNoLeak } from '@taggerjs-tools/testing';
import * as tf from '@tensorflow/tfjs-core';

import { createAdam } from './adam';
import { createEma } from './ema';

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

  it('scales gradients and updates an average as separate steps do', async () => {
    await expectNoLeak(async () => {
      const create = () => {
        const parameters = {
          p: tf.tidy(() => tf.variable(tf.tensor1d([1, -2, 3]))),
          q: tf.tidy(() => tf.variable(tf.tensor2d([[0.5, 4]]))),
          unused: tf.tidy(() => tf.variable(tf.scalar(7))),
        };
        return { parameters, adam: createAdam(parameters), ema: createEma(parameters, { decay: 0.9 }) };
      };
      const [together, apart] = [create(), create()];
      for (let t = 0; t < 5; t++) {
        const gradients = { p: tf.tensor1d([1, t, -2]), q: tf.tensor2d([[3, -t]]) };
        const scale = tf.scalar(0.25);
        together.adam.update(gradients, 0.1, { scale, ema: together.ema });
        const scaled = { p: tf.mul(gradients.p, scale), q: tf.mul(gradients.q, scale) };
        apart.adam.update(scaled, 0.1);
        apart.ema.update();
        tf.dispose([gradients, scaled, scale]);
      }
      expect(together.ema.updates).toBe(5);
      for (const [one, other] of [
        [together.parameters, apart.parameters],
        [together.adam.state(), apart.adam.state()],
        [together.ema.state(), apart.ema.state()],
      ] as Record<string, tf.Variable>[][]) {
        for (const [name, variable] of Object.entries(one!)) {
          expectAllClose(await variable.data(), await other![name]!.data(), { relative: 1e-6, absolute: 1e-7 });
        }
      }
      for (const { parameters, adam, ema } of [together, apart]) {
        adam.dispose();
        ema.dispose();
        tf.dispose(parameters);
      }
    });
  });

  it.each([{ beta1: 1 }, { beta2: -0.1 }, { epsilon: 0 }, { beta1: NaN }])('refuses %j', (options) => {
    expect(() => createAdam({}, options)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
  });
});
