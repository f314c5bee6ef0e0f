import { matMul } from '@taggerjs/nn';
import { expectNoLeak, installNode } from '@taggerjs-tools/testing';
import * as tf from '@tensorflow/tfjs-core';

import { useTensorflow } from './index.node';
import { runProgram } from './testing/run-program';

/** Computes and differentiates a product, and prints what was set up and the results. */
const PROGRAM = `
  import { describeSetup, useCuda, useTensorflow } from './src/index.node.ts';
  import { matMul } from '@taggerjs/nn';
  import * as tf from '@tensorflow/tfjs-core';

  const setup = await USE;
  const gradient = tf.grad((x) => matMul(x, tf.tensor2d([[1, 2], [3, 4]])));
  const values = Array.from(await gradient(tf.tensor2d([[5, 6]]), tf.ones([1, 2])).data());
  console.log(JSON.stringify({ setup, text: describeSetup(setup), values, env: process.env.TF_CPP_MIN_LOG_LEVEL }));
`;
const program = (use: string) => PROGRAM.replace('USE', use);

describe('useTensorflow', () => {
  it('sets the backend and says what it set up', async () => {
    const setup = await useTensorflow({ threads: 2 });
    expect(setup).toMatchObject({ backend: 'tensorflow', device: 'cpu', threads: 2 });
    expect(setup.tensorflow).toMatch(/^2\.\d+\.\d+/);
    expect(setup.devices.map(({ type }) => type)).toEqual(['CPU']);
    expect(tf.getBackend()).toBe('tensorflow');
  });

  it('changes nothing when called again, also where another backend was set between', async () => {
    const setup = await useTensorflow({ threads: 2 });
    const tensor = tf.scalar(3);
    await tf.setBackend('cpu');
    expect(await useTensorflow({ threads: 2 })).toBe(setup);
    expect(tf.getBackend()).toBe('tensorflow');
    expect((await tensor.data())[0]).toBe(3);
    tensor.dispose();
  });

  it('refuses other options: a process loads TensorFlow once', async () => {
    await useTensorflow({ threads: 2 });
    await expect(useTensorflow({ threads: 1 })).rejects.toMatchObject({
      code: 'NO_BACKEND',
      message: expect.stringMatching(/already loaded with .*"threads":2/),
    });
  });

  it('registers itself again after its backend was removed', async () => {
    await useTensorflow({ threads: 2 });
    tf.removeBackend('tensorflow');
    await useTensorflow({ threads: 2 });
    expect(Array.from(await tf.add([1, 2], 3).data())).toEqual([4, 5]);
  });

  it('leaks nothing', async () => {
    await useTensorflow({ threads: 2 });
    await expectNoLeak(async () => {
      const x = tf.tensor2d([1, 2, 3, 4], [2, 2]);
      const y = matMul(x, x, { transposeB: true });
      expect(Array.from(await y.data())).toEqual([5, 11, 11, 25]);
      tf.dispose([x, y]);
    });
  });
});

describe('a process', () => {
  it('ends by itself, prints nothing of its own, and keeps its environment', async () => {
    const { status, stdout, stderr } = await runProgram(program('useTensorflow({ threads: 1 })'));
    expect([status, stderr]).toEqual([0, '']);
    const { values, text, env } = JSON.parse(stdout);
    expect(values).toEqual([3, 7]);
    expect(text).toMatch(/^TensorFlow 2\.\S+ on the CPU, 1 thread/);
    expect(env).toBeUndefined();
  });

  it('is told where a backend of the same name is registered already', async () => {
    const { stdout } = await runProgram(`
      import { useTensorflow } from './src/index.node.ts';
      import * as tf from '@tensorflow/tfjs-core';
      tf.registerBackend('tensorflow', () => { throw new Error('not made'); });
      await useTensorflow().catch(({ message }) => console.log(message));
    `);
    expect(stdout).toMatch(/a backend named 'tensorflow' is registered already.*tfjs-node/);
  });
});

describe('useCuda where there is no GPU', () => {
  it('says why', async () => {
    const { stdout } = await runProgram(`
      import { useCuda } from './src/index.node.ts';
      await useCuda().catch(({ code, message }) => console.log(code, message));
    `);
    expect(stdout).toMatch(/^NO_BACKEND useCuda: there is no GPU to compute on: .+ useTensorflow\(\)/);
  });

  it('computes on the CPU where that is said to be right, and says why', async () => {
    const { status, stdout, stderr } = await runProgram(program('useCuda({ requireGpu: false, threads: 1 })'));
    expect([status, stderr]).toEqual([0, '']);
    const { setup, text, values } = JSON.parse(stdout);
    expect(values).toEqual([3, 7]);
    expect(setup).toMatchObject({ device: 'cpu', noGpu: expect.stringMatching(/CUDA|driver/) });
    expect(text).toMatch(/; no GPU: /);
  });
});

describe.each(['22', '24'])('Node %s', (version) => {
  it('computes', async () => {
    const node = installNode(version);
    const { status, stdout, stderr } = await runProgram(program('useTensorflow({ threads: 1 })'), { node });
    expect([status, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout).values).toEqual([3, 7]);
  });
});
