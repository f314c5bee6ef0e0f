import { describeBackends, expectNoLeak } from '@taggerjs-tools/testing';
import * as tf from '@tensorflow/tfjs-core';

import { matMul } from './operations/linear/matmul';
import { normalize } from './operations/normalization/normalize';
import { reshape } from './operations/layout/reshape';
import { sigmoid } from './operations/activation/sigmoid';
import { weightedSum } from './operations/linear/weighted-sum';
import { withGradientCheckpointing } from './gradient-checkpointing';
import { filled } from './testing/filled';

/** Two outputs from one input and two weights, one of which both outputs use. */
function layer(w: tf.Variable, v: tf.Variable) {
  return (x: tf.Tensor) => {
    const h = sigmoid(normalize(matMul(x as tf.Tensor2D, w as tf.Tensor2D), { norm: 'layer' }));
    return [h, matMul(h, v as tf.Tensor2D)] as const;
  };
}

/** A cost of both outputs, through two applications. */
function cost(apply: (x: tf.Tensor) => readonly [tf.Tensor, tf.Tensor2D], x: tf.Tensor2D): tf.Scalar {
  const [h, y] = apply(x);
  const [, z] = apply(h);
  const ones = tf.ones<tf.Rank.R2>([3, 1]);
  const row = tf.ones<tf.Rank.R2>([1, 4]);
  const total = (t: tf.Tensor2D) => reshape<tf.Rank.R0>(matMul(matMul(row, t), ones), []);
  return weightedSum([total(y), total(z)], [0.5, 2]);
}

const variable = (shape: [number, number], seed: number) =>
  tf.tidy(() => tf.variable(tf.tensor2d(filled(shape, seed).data as number[], shape)));

describeBackends('withGradientCheckpointing', () => {
  it('gives the values and gradients of the plain call, bit for bit, and leaves no tensor behind', async () => {
    await expectNoLeak(async () => {
      const [w, v] = [variable([5, 5], 1), variable([5, 3], 2)];
      const x = tf.tensor2d(filled([4, 5], 3).data as number[], [4, 5]);
      const plain = tf.variableGrads(() => cost(layer(w, v), x), [w, v]);
      const again = tf.variableGrads(
        () => cost((input) => withGradientCheckpointing(layer(w, v), [input], [w, v]), x),
        [w, v],
      );
      expect(await again.value.data()).toEqual(await plain.value.data());
      for (const { name } of [w, v]) {
        expect(await again.grads[name]!.data()).toEqual(await plain.grads[name]!.data());
      }
      tf.dispose([plain.value, again.value, x, w, v]);
      tf.dispose([plain.grads, again.grads]);
    });
  });

  it('gives gradients with respect to the inputs too', async () => {
    const [w, v] = [variable([5, 5], 1), variable([5, 3], 2)];
    const x = variable([4, 5], 3);
    const plain = tf.variableGrads(() => cost(layer(w, v), x as unknown as tf.Tensor2D), [x]);
    const again = tf.variableGrads(
      () => cost((input) => withGradientCheckpointing(layer(w, v), [input], [w, v]), x as unknown as tf.Tensor2D),
      [x],
    );
    expect(await again.grads[x.name]!.data()).toEqual(await plain.grads[x.name]!.data());
    tf.dispose([plain.value, again.value, x, w, v]);
    tf.dispose([plain.grads, again.grads]);
  });

  it('passes an input through', async () => {
    await expectNoLeak(async () => {
      const x = tf.tensor1d([1, 2]);
      const [same] = withGradientCheckpointing((input) => [input], [x], []);
      expect(Array.from(await same!.data())).toEqual([1, 2]);
      tf.dispose([x, same!]);
    });
  });

  it('runs forward once, and once more for gradients', () => {
    let calls = 0;
    const x = tf.tidy(() => tf.variable(tf.scalar(2)));
    const compute = (input: tf.Tensor) => {
      calls++;
      return [sigmoid(input)] as const;
    };
    tf.dispose([...withGradientCheckpointing(compute, [x], [])]);
    expect(calls).toBe(1);
    const { value, grads } = tf.variableGrads(() => withGradientCheckpointing(compute, [x], [])[0] as tf.Scalar, [x]);
    expect(calls).toBe(3);
    tf.dispose([value, x]);
    tf.dispose(grads);
  });
});
