import { describeBackends, expectAllClose, expectNoLeak } from '@taggerjs-tools/testing';
import * as tf from '@tensorflow/tfjs-core';

import { createEma } from './ema';

describeBackends('createEma', () => {
  it('averages with a decay that grows into its value', async () => {
    await expectNoLeak(async () => {
      const p = tf.tidy(() => tf.variable(tf.scalar(0)));
      const average = createEma({ p }, { decay: 0.5 });
      let expected = 0;
      for (const [t, value] of [4, -2, 8, 1, 3, 7, 7, 7, 7, 7].entries()) {
        tf.tidy(() => p.assign(tf.scalar(value)));
        average.update();
        const d = Math.min(0.5, (1 + t) / (10 + t));
        expected = d * expected + (1 - d) * value;
      }
      expectAllClose(await average.state()['p']!.data(), [expected]);
      average.dispose();
      p.dispose();
    });
  });

  it('swaps in the average, and restores the parameters even after an error', async () => {
    await expectNoLeak(async () => {
      const p = tf.tidy(() => tf.variable(tf.scalar(1)));
      const average = createEma({ p }, { decay: 0.9 });
      tf.tidy(() => p.assign(tf.scalar(5)));
      const seen = average.use(async () => {
        expectAllClose(await p.data(), [1]);
        throw new Error('stop');
      });
      await expect(seen).rejects.toThrow('stop');
      expectAllClose(await p.data(), [5]);
      expectAllClose(await average.state()['p']!.data(), [1]);
      average.dispose();
      p.dispose();
    });
  });

  it.each([1, -0.1, NaN])('refuses a decay of %d', (decay) => {
    expect(() => createEma({}, { decay })).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
  });
});
