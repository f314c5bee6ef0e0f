import { describeBackends, expectAllClose, expectNoLeak } from '@taggerjs-tools/testing';
import * as tf from '@tensorflow/tfjs-core';

import { shareAverage } from './share-average';

describeBackends('shareAverage', () => {
  const [images, size, C, D] = [3, [2, 4], 2, 5] as const;
  const pixels = size[0] * size[1];
  const values = (count: number, step: number) => Array.from({ length: count }, (_, i) => Math.sin(step * i));
  const x = values(images * pixels * C, 0.7);
  const w = values(C * D, 1.3);
  const share = (of: tf.Tensor2D, by: tf.Tensor2D) => shareAverage(of, by, size);
  const inputs = () => [tf.tensor2d(x, [images * pixels, C]), tf.tensor2d(w, [C, D])] as const;

  it('gives every pixel the mixed average of its image', async () => {
    const result = tf.tidy(() => share(...inputs()));
    const expected = Array.from({ length: images * pixels * D }, (_, i) => {
      const [image, d] = [Math.floor(i / (pixels * D)), i % D];
      let sum = 0;
      for (let p = 0; p < pixels; p++) {
        for (let c = 0; c < C; c++) sum += (x[(image * pixels + p) * C + c]! / pixels) * w[c * D + d]!;
      }
      return sum;
    });
    expectAllClose(await result.data(), expected, { relative: 1e-5, absolute: 1e-6 });
    result.dispose();
  });

  it('has the gradients of averages: to every pixel a part, to the weights the averages', async () => {
    const dy = tf.ones<tf.Rank.R2>([images * pixels, D]);
    const [dx, dw] = tf.tidy(() =>
      tf.grads((of, by) => share(of as tf.Tensor2D, by as tf.Tensor2D))([...inputs()], dy),
    );
    dy.dispose();
    // Of the sum of all, that is of P times the mixed averages.
    const toChannel = (c: number) => w.slice(c * D, (c + 1) * D).reduce((a, b) => a + b, 0);
    expectAllClose(
      await dx!.data(),
      x.map((_, i) => toChannel(i % C)),
      { relative: 1e-5, absolute: 1e-6 },
    );
    const total = (c: number) => x.filter((_, i) => i % C === c).reduce((a, b) => a + b, 0);
    expectAllClose(
      await dw!.data(),
      w.map((_, i) => total(Math.floor(i / D))),
      { relative: 1e-5, absolute: 1e-5 },
    );
    tf.dispose([dx!, dw!]);
  });

  it('leaves no tensor behind', () => expectNoLeak(() => tf.tidy(() => void share(...inputs()))));
});
