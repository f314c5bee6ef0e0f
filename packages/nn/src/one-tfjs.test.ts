import type * as TF from '@tensorflow/tfjs-core';

// Each isolated registry loads its own copy; the copies share the engine of the first, as in one process.
it('names the input that another copy of tfjs-core created', async () => {
  let theirs!: typeof TF;
  await jest.isolateModulesAsync(async () => {
    theirs = await import('@tensorflow/tfjs-core');
    await import('@tensorflow/tfjs-backend-cpu');
  });
  await jest.isolateModulesAsync(async () => {
    const { matMul } = await import('./index');
    const a = theirs.tensor2d([[1, 2]]);
    const b = theirs.tensor2d([[1], [2]]);
    expect(() => matMul(a, b)).toThrow(
      expect.objectContaining({ code: 'DUPLICATE_TFJS', message: expect.stringContaining("'a'") }),
    );
    theirs.dispose([a, b]);
  });
});

it('accepts tensors and variables of its own copy, and refuses values that are not tensors', async () => {
  jest.resetModules();
  // The engine of the copy above is gone: this copy has its own.
  for (const key of Object.getOwnPropertyNames(globalThis)) {
    if (key.startsWith('_tf')) Reflect.deleteProperty(globalThis, key);
  }
  await jest.isolateModulesAsync(async () => {
    const tf = await import('@tensorflow/tfjs-core');
    await import('@tensorflow/tfjs-backend-cpu');
    const { matMul } = await import('./index');
    const a = tf.tensor2d([[1, 2]]);
    const b = tf.variable(tf.tensor2d([[1], [2]]));
    const product = matMul(a, b as unknown as TF.Tensor2D);
    expect(Array.from(await product.data())).toEqual([5]);
    for (const wrong of [null, undefined, 3, [[1]]]) {
      expect(() => matMul(a, wrong as unknown as TF.Tensor2D)).toThrow(
        expect.objectContaining({ code: 'INVALID_SHAPE', message: expect.stringContaining("'b'") }),
      );
    }
    tf.dispose([a, b, product]);
  });
});
