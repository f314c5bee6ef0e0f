import '@tensorflow/tfjs-backend-cpu';

import * as tf from '@tensorflow/tfjs-core';

import { requireBackend } from './backend';
import { initialWeights } from './initial-weights';
import { matMul } from './operations/linear/matmul';

const unused = { normal: () => new Float32Array(6) } as unknown as Parameters<typeof initialWeights>[0];

it('sets up a registered backend', () => {
  expect(tf.getBackend()).toBeUndefined();
  expect(requireBackend('test')).toBe('cpu');
  expect(tf.getBackend()).toBe('cpu');
});

it('refuses to compute without a backend', () => {
  const a = tf.zeros<tf.Rank.R2>([2, 2]);
  tf.removeBackend('cpu');
  for (const [call, name] of [
    [() => requireBackend('test'), 'test'],
    [() => matMul(a, a), 'TaggerMatMul'],
    [() => initialWeights(unused, [2, 3]), 'initialWeights'],
  ] as const) {
    expect(call).toThrow(
      expect.objectContaining({
        code: 'NO_BACKEND',
        message: expect.stringContaining(name),
        cause: expect.any(Error),
      }),
    );
  }
});
