import { describeBackends, expectNoLeak, withCode } from '@taggerjs-tools/testing';
import * as tf from '@tensorflow/tfjs-core';

import { defineOperation, registerOperationKernel, servedBy, unregisterOperationKernel } from './operation';

/** Counts how often each part of an operation ran; each operation has a unique kernel name. */
function makeProduct(kernelName: string) {
  const calls = { check: 0, compose: 0, shared: 0, a: 0, b: 0 };
  const operation = defineOperation<{ a: tf.Tensor; b: tf.Tensor }, { scale: number }, [tf.Tensor, tf.Tensor]>({
    kernelName,
    check: () => void calls.check++,
    compose({ a, b }, { scale }) {
      calls.compose++;
      return [tf.mul(tf.mul(a, b), scale), tf.add(a, b)];
    },
    saves: { inputs: ['a', 'b'], outputs: [false, true] },
    gradient([dProduct, dSum], [a, b, sum], { scale }) {
      calls.shared++;
      const factor = (other: tf.Tensor) =>
        tf.add(tf.mul(tf.mul(dProduct as tf.Tensor, other), scale), dSum as tf.Tensor);
      expect(sum!.shape).toEqual(a!.shape);
      return {
        a: () => {
          calls.a++;
          return factor(b as tf.Tensor);
        },
        b: () => {
          calls.b++;
          return factor(a as tf.Tensor);
        },
      };
    },
  });
  return { operation, calls };
}

describeBackends('defineOperation', (backend) => {
  const make = () => ({ a: tf.tensor1d([1, 2]), b: tf.tensor1d([3, 5]) });

  it('uses the composition if no kernel is registered', async () => {
    const { operation, calls } = makeProduct(`TestComposed_${backend}`);
    const { a, b } = make();
    const [product, sum] = operation({ a, b }, { scale: 10 });
    expect(Array.from(await product.data())).toEqual([30, 100]);
    expect(Array.from(await sum.data())).toEqual([4, 7]);
    expect(calls).toEqual({ check: 1, compose: 1, shared: 0, a: 0, b: 0 });
    expect(servedBy(operation, backend)).toBe('composed');
    tf.dispose([a, b, product, sum]);
    unregisterOperationKernel(operation, backend);
  });

  it('never calls the kernel for one channel for more', async () => {
    const operation = defineOperation<{ x: tf.Tensor }, { channels?: number }, [tf.Tensor]>({
      kernelName: `TestChannels_${backend}`,
      compose: ({ x }, { channels = 1 }) => [tf.mul(x, channels)],
      gradient: ([dy], _saved, { channels = 1 }) => ({ x: () => tf.mul(dy as tf.Tensor, channels) }),
    });
    registerOperationKernel(operation, backend, ({ inputs }) => tf.zerosLike(inputs['x'] as tf.Tensor));
    const x = tf.tensor1d([1, 2]);
    const [one] = operation({ x }, {});
    expect(Array.from(await one.data())).toEqual([0, 0]);
    const { value, grad } = tf.valueAndGrad((y: tf.Tensor) =>
      tf.reshape(tf.slice(operation({ x: y }, { channels: 3 })[0], [1], [1]), []),
    )(x);
    expect([...(await value.data()), ...(await grad.data())]).toEqual([6, 0, 3]);
    tf.dispose([x, one, value, grad]);
    unregisterOperationKernel(operation, backend);
  });

  it('uses the kernel of the backend, and the composition again once it is removed', async () => {
    const { operation, calls } = makeProduct(`TestKernel_${backend}`);
    const { a, b } = make();
    const seen: unknown[] = [];
    registerOperationKernel(operation, backend, ({ inputs, attrs }) => {
      seen.push(Object.keys(inputs), attrs);
      return [tf.onesLike(a), tf.zerosLike(a)];
    });
    expect(servedBy(operation, backend)).toBe('kernel');
    const byKernel = operation({ a, b }, { scale: 10 });
    expect(Array.from(await byKernel[0].data())).toEqual([1, 1]);
    expect(seen).toEqual([['a', 'b'], { scale: 10 }]);
    expect(calls).toMatchObject({ check: 1, compose: 0 });
    unregisterOperationKernel(operation, backend);
    expect(servedBy(operation, backend)).toBe('composed');
    const composed = operation({ a, b }, { scale: 10 });
    expect(Array.from(await composed[0].data())).toEqual([30, 100]);
    expect(servedBy(operation, backend)).toBe('composed');
    tf.dispose([a, b, ...byKernel, ...composed]);
    unregisterOperationKernel(operation, backend);
  });

  it('uses a kernel that is registered after the composition ran', async () => {
    const { operation } = makeProduct(`TestLate_${backend}`);
    const { a, b } = make();
    tf.dispose(operation({ a, b }, { scale: 1 }));
    registerOperationKernel(operation, backend, () => [tf.onesLike(a), tf.zerosLike(a)]);
    expect(servedBy(operation, backend)).toBe('kernel');
    const outputs = operation({ a, b }, { scale: 1 });
    expect(Array.from(await outputs[0].data())).toEqual([1, 1]);
    tf.dispose([a, b, ...outputs]);
    unregisterOperationKernel(operation, backend);
  });

  it('registers kernels for one backend only', () => {
    const { operation } = makeProduct(`TestOne_${backend}`);
    const other = backend === 'cpu' ? 'wasm' : 'cpu';
    registerOperationKernel(operation, other, () => []);
    expect([servedBy(operation, other), servedBy(operation, backend)]).toEqual(['kernel', 'composed']);
    unregisterOperationKernel(operation, other);
    expect(servedBy(operation, other)).toBe('composed');
  });

  it('evaluates only the requested gradients', async () => {
    const { operation, calls } = makeProduct(`TestLazy_${backend}`);
    const { a, b } = make();
    const dy = tf.tensor1d([1, 1]);
    const { value, grads } = tf.engine().gradients(() => operation({ a, b }, { scale: 10 })[0], [b], dy);
    expect(Array.from(await grads[0]!.data())).toEqual([10, 20]);
    expect(calls).toMatchObject({ shared: 1, a: 0, b: 1 });
    tf.dispose([a, b, dy, value, ...grads]);
    unregisterOperationKernel(operation, backend);
  });

  it('computes nothing backward for a constant result', async () => {
    const { operation, calls } = makeProduct(`TestConstant_${backend}`);
    const { a, b } = make();
    const w = tf.tensor1d([2, 2]);
    const last = makeProduct(`TestConstantLast_${backend}`);
    const dy = tf.tensor1d([1, 1]);
    const { value, grads } = tf
      .engine()
      .gradients(() => last.operation({ a: operation({ a, b }, { scale: 1 })[0], b: w }, { scale: 1 })[0], [w], dy);
    expect(Array.from(await grads[0]!.data())).toEqual([3, 10]);
    expect(calls.shared).toBe(0);
    expect(last.calls).toMatchObject({ shared: 1, a: 0, b: 1 });
    tf.dispose([a, b, w, dy, value, ...grads]);
    for (const made of [operation, last.operation]) unregisterOperationKernel(made, backend);
  });

  it('combines the gradients of several outputs', async () => {
    const { operation } = makeProduct(`TestOutputs_${backend}`);
    const outer = makeProduct(`TestOutputsOuter_${backend}`);
    const { a, b } = make();
    const dy = tf.tensor1d([1, 1]);
    // (a b) (a + b): the derivative for a is 2 a b + b^2
    const { value, grads } = tf.engine().gradients(
      () => {
        const [product, sum] = operation({ a, b }, { scale: 1 });
        return outer.operation({ a: product, b: sum }, { scale: 1 })[0];
      },
      [a],
      dy,
    );
    expect(Array.from(await grads[0]!.data())).toEqual([15, 45]);
    tf.dispose([a, b, dy, value, ...grads]);
    for (const made of [operation, outer.operation]) unregisterOperationKernel(made, backend);
  });

  it('frees the intermediate tensors of the composition, with and without gradients', async () => {
    const { operation } = makeProduct(`TestLeak_${backend}`);
    await expectNoLeak(() => {
      const { a, b } = make();
      const outputs = operation({ a, b }, { scale: 2 });
      const { value, grads } = tf.engine().gradients(() => operation({ a, b }, { scale: 2 })[0], [a], b);
      // The second output of the call under the gradient is freed with its scope.
      tf.dispose([a, b, ...outputs, value, ...grads]);
    });
    unregisterOperationKernel(operation, backend);
  });

  it('refuses dtypes other than float32, and names the input', () => {
    const { operation } = makeProduct(`TestDtype_${backend}`);
    const { a, b } = make();
    const whole = tf.tensor1d([1, 2], 'int32');
    expect(() => operation({ a, b: whole }, { scale: 1 })).toThrow(withCode('INVALID_SHAPE', 'b'));
    tf.dispose([a, b, whole]);
  });
});
