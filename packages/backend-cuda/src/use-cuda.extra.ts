// With TensorFlow set up for the CPU: a machine for tests has no GPU.
import { runProgram } from '@taggerjs-tools/testing';

const run = (source: string) => runProgram(source, { seconds: 200 });

it('explains why there is no GPU, and leaves TensorFlow unloaded', async () => {
  const { stdout, stderr } = await run(`
    import { useCuda } from '@taggerjs/backend-cuda';
    import { useTensorflow } from '@taggerjs/backend-tensorflow';
    await useCuda().catch(({ code, message }) => console.log(code, message));
    console.log((await useTensorflow({ threads: 1 })).device);
  `);
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^NO_BACKEND useCuda: there is no GPU to compute on: .+ use the backend tensorflow\.\ncpu\n$/);
});

it('computes on the CPU if no GPU is required, and says why', async () => {
  const { status, stdout, stderr } = await run(`
    import { describeSetup, useCuda } from '@taggerjs/backend-cuda';
    import { matMul } from '@taggerjs/nn';
    import * as tf from '@tensorflow/tfjs-core';

    const setup = await useCuda({ requireGpu: false, threads: 1 });
    const values = Array.from(await matMul(tf.tensor2d([[5, 6]]), tf.tensor2d([[1, 2], [3, 4]])).data());
    console.log(JSON.stringify({ setup, text: describeSetup(setup), values }));
  `);
  expect([status, stderr]).toEqual([0, '']);
  const { setup, text, values } = JSON.parse(stdout);
  expect(values).toEqual([23, 34]);
  expect(setup).toMatchObject({ device: 'cpu', noGpu: expect.stringMatching(/CUDA|driver/) });
  expect(text).toContain(setup.noGpu);
});
