import * as tf from '@tensorflow/tfjs-core';

import { useWasm } from '../index.node';

afterAll(() => tf.removeBackend('wasm'));

describe.each([1, 2])('copies of tensors (%i threads)', (threads) => {
  beforeAll(() => useWasm({ threads }));

  it('take no memory, and outlive the original and one another', async () => {
    const x = tf.tensor1d([1, 2, 3]);
    const before = tf.memory();
    const [copy, other] = [tf.clone(x), tf.clone(x)];
    expect(tf.memory().numTensors).toBe(before.numTensors + 2);
    expect(tf.memory().numDataBuffers).toBe(before.numDataBuffers);
    x.dispose();
    other.dispose();
    expect(Array.from(await copy.data())).toEqual([1, 2, 3]);
    copy.dispose();
    expect(tf.memory().numDataBuffers).toBe(before.numDataBuffers - 1);
  });

  it('keep their values when a variable is assigned new ones', async () => {
    const variable = tf.tidy(() => tf.variable(tf.tensor1d([1, 2])));
    const copy = tf.clone(variable);
    const next = tf.tensor1d([3, 4]);
    variable.assign(next);
    expect(Array.from(await copy.data())).toEqual([1, 2]);
    expect(Array.from(await variable.data())).toEqual([3, 4]);
    tf.dispose([variable, copy, next]);
  });

  it('work for tensors of any dtype', async () => {
    for (const values of [
      tf.tensor1d(['a', 'bc']),
      tf.tensor1d([1, 0], 'bool'),
      tf.tensor1d([7], 'int32'),
      tf.tensor1d([]),
    ]) {
      const copy = tf.clone(values);
      expect([copy.dtype, copy.shape]).toEqual([values.dtype, values.shape]);
      expect(Array.from(await copy.data())).toEqual(Array.from(await values.data()));
      tf.dispose([values, copy]);
    }
  });
});

it('restores the kernel of tfjs when the backend is removed, and does not replace it without kernels', async () => {
  const ofTfjs = async () => {
    await useWasm({ kernels: 'off', threads: 1 });
    return tf.getKernel('Identity', 'wasm').kernelFunc;
  };
  const original = await ofTfjs();
  await useWasm({ threads: 1 });
  expect(tf.getKernel('Identity', 'wasm').kernelFunc).not.toBe(original);
  expect(await ofTfjs()).toBe(original);
});
