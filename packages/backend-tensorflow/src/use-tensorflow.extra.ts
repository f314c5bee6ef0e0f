import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { matMul, relu, reluOperation, servedBy, sigmoidGradientOperation } from '@taggerjs/nn';
import { expectNoLeak, installNode, runProgram as run, type ProgramOptions } from '@taggerjs-tools/testing';
import * as tf from '@tensorflow/tfjs-core';

import { useTensorflow } from './index.node';
import { findInstallation } from './installation/installation';
import type { Manifest } from './installation/manifest';

/** Loading TensorFlow takes its time on a busy machine. */
const runProgram = (source: string, options: ProgramOptions = {}) => run(source, { seconds: 200, ...options });

/** Computes and differentiates a product, and prints the setup and the results. */
const PROGRAM = `
  import { describeSetup, useTensorflow } from '@taggerjs/backend-tensorflow';
  import { matMul } from '@taggerjs/nn';
  import * as tf from '@tensorflow/tfjs-core';

  const setup = await useTensorflow(OPTIONS);
  const gradient = tf.grad((x) => matMul(x, tf.tensor2d([[1, 2], [3, 4]])));
  const values = Array.from(await gradient(tf.tensor2d([[5, 6]]), tf.ones([1, 2])).data());
  console.log(JSON.stringify({ setup, text: describeSetup(setup), values, env: process.env.TF_CPP_MIN_LOG_LEVEL }));
`;
const program = (options: object) => PROGRAM.replace('OPTIONS', JSON.stringify(options));

describe('useTensorflow', () => {
  it('sets the backend and returns what it set up', async () => {
    const setup = await useTensorflow({ threads: 2 });
    expect(setup).toMatchObject({ backend: 'tensorflow', device: 'cpu', threads: 2 });
    expect(setup.tensorflow).toMatch(/^2\.\d+\.\d+/);
    expect(setup.devices.map(({ type }) => type)).toEqual(['CPU']);
    expect(tf.getBackend()).toBe('tensorflow');
  });

  it('changes nothing when called again, even if another backend was set in between', async () => {
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

describe('the kernels', () => {
  it('are registered, unregistered and registered again as the option says', async () => {
    const setup = await useTensorflow({ threads: 2 });
    expect(setup.kernels).toContain('TaggerRelu');
    expect(setup.noKernels).toBeUndefined();
    expect(servedBy(reluOperation, 'tensorflow')).toBe('kernel');
    const without = await useTensorflow({ threads: 2, kernels: 'off' });
    expect(without).toEqual({ ...setup, kernels: [] });
    expect(servedBy(reluOperation, 'tensorflow')).toBe('composed');
    expect(await useTensorflow({ threads: 2 })).toBe(setup);
    expect(servedBy(reluOperation, 'tensorflow')).toBe('kernel');
  });

  it('do not replace a kernel registered since', async () => {
    await useTensorflow({ threads: 2 });
    const { kernelFunc } = tf.getKernel('TaggerRelu', 'tensorflow');
    tf.unregisterKernel('TaggerRelu', 'tensorflow');
    tf.registerKernel({ kernelName: 'TaggerRelu', backendName: 'tensorflow', kernelFunc: () => tf.scalar(7) });
    await useTensorflow({ threads: 2 });
    expect(Array.from(await relu(tf.scalar(1)).data())).toEqual([7]);
    tf.unregisterKernel('TaggerRelu', 'tensorflow');
    tf.registerKernel({ kernelName: 'TaggerRelu', backendName: 'tensorflow', kernelFunc });
  });

  it('compute the same bits with any number of threads', async () => {
    const [one, two, five] = await Promise.all([1, 2, 5].map((threads) => runProgram(kernelProgram({ threads }))));
    expect(one).toMatchObject({ status: 0, stderr: '' });
    expect(JSON.parse(one!.stdout).bits).toMatch(/^[\da-f]{64}$/);
    expect([two?.stdout, five?.stdout]).toEqual([one?.stdout, one?.stdout]);
  });

  it('flush denormal numbers to zero on all threads, as TensorFlow does, or on none', async () => {
    await useTensorflow({ threads: 2 });
    // More values than one thread takes at a time, whose product is denormal.
    const [dy, y] = [tf.fill([2 ** 20], 2e-38), tf.fill([2 ** 20], 0.5)];
    for (let time = 0; time < 8; time++) {
      const [dx] = sigmoidGradientOperation({ dy, y }, {});
      expect([...new Set(await dx.data())]).toHaveLength(1);
      dx.dispose();
    }
    tf.dispose([dy, y]);
  });

  // Only the levels of this processor can be tried.
  it.each(['x86-64-v4', 'x86-64-v3', 'baseline'])('of the level %s agree with the compositions', async (level) => {
    const { root, remove } = await installationWith((manifest) => ({ ...manifest, kernels: { levels: [level] } }));
    const { status, stdout, stderr } = await runProgram(kernelProgram({ folder: root }));
    await remove();
    expect([status, stderr]).toEqual([0, '']);
    const { kernels, noKernels, largest } = JSON.parse(stdout);
    if (noKernels !== undefined) {
      expect(noKernels).toMatch(/not for this processor/);
      expect(level).not.toBe('baseline');
      return;
    }
    expect(kernels).toBeGreaterThan(20);
    expect(largest).toBeLessThan(2e-5);
  });

  it('are optional: an installation without them computes, and says why they are missing', async () => {
    const reasons: string[] = [];
    for (const kernels of [undefined, { levels: [], problem: 'baseline: no such compiler' }]) {
      const { root, remove } = await installationWith(({ kernels: _, ...manifest }) => ({
        ...manifest,
        ...(kernels && { kernels }),
      }));
      const { stdout, stderr } = await runProgram(program({ folder: root }));
      await remove();
      expect(stderr).toBe('');
      const { setup, text, values } = JSON.parse(stdout);
      expect(values).toEqual([3, 7]);
      expect(setup.kernels).toEqual([]);
      expect(text).toContain(`; no custom kernels: ${setup.noKernels}`);
      reasons.push(setup.noKernels);
    }
    expect(reasons).toEqual([
      expect.stringContaining('`npx taggerjs-setup-tensorflow` compiles them'),
      'the set-up could not compile them: baseline: no such compiler',
    ]);
  });
});

/**
 * A program that runs operations of several sizes with the kernels and without. It prints the largest difference, relative to
 * the larger of 1 and the largest value of each result, and the hash of all results of the kernels.
 */
function kernelProgram(given: object): string {
  return `
    import { createHash } from 'node:crypto';
    import { useTensorflow } from '@taggerjs/backend-tensorflow';
    import * as nn from '@taggerjs/nn';
    import * as tf from '@tensorflow/tfjs-core';

    const options = (kernels) => ({ ...${JSON.stringify(given)}, kernels });
    const setup = await useTensorflow(options('auto'));
    let seed = 1;
    const random = () => ((seed = (seed * 48271) % 2147483647) / 2147483647);
    const filled = (shape, from, to) =>
      tf.tensor(Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => from + (to - from) * random()), shape);
    const hash = createHash('sha256');
    let largest = 0;
    for (const [R, D] of [[1, 1], [3, 17], [5, 130], [97, 33], [70, 515]]) {
      const [x, dy] = [filled([R, D], -3, 3), filled([R, D], -1, 1)];
      const [gain, bias] = [filled([D], 0.5, 2), filled([D], -1, 1)];
      const a = Object.fromEntries(nn.COMBINATOR_PARAMETERS.map((name) => [name, filled([D], -2, 2)]));
      const [z, m, probe] = [filled([3, R, D], 0, 1), filled([3, R, D], 0, 1), filled([3, R, D], -1, 1)];
      const [seen, wide] = [filled([R, D], 0, 1), filled([3 * R, 2 * D], -1, 1)];
      const gradients = (f, inputs, g) => [f(...inputs), ...tf.grads(f)(inputs, g)];
      const cases = [
        ...['layer', 'batch'].map((norm) => () =>
          gradients((...i) => nn.normalize(i[0], { norm, gain: i[1], bias: i[2], epsilon: 1e-2, activation: 'relu' }), [x, gain, bias], dy)),
        () => gradients((s, u) => nn.combinator(s, u, a), [dy, x], dy),
        () => gradients((...i) => nn.addBias(i[0], i[1], { activation: 'relu' }), [x, bias], dy),
        () => gradients(nn.biasScale, [x, bias, gain], dy),
        () => gradients((t) => nn.groupSoftmax(t).logM, [probe], m),
        () => gradients((t) => nn.softmax(t), [x], dy),
        () => gradients((t) => nn.bitflipLikelihood(seen, t, { probability: 0.2 }), [z], probe),
        () => gradients((t, s) => nn.bitflipModelingError(tf.step(seen), t, nn.groupSoftmax(s).m, { probability: 0.2 }), [z, probe], m),
        () => gradients((t, s) => nn.bitflipCost(seen, t, nn.groupSoftmax(s).m), [z, probe], tf.scalar(1)),
        () => gradients((t, v) => nn.gaussianLikelihood(seen, t, v, { standardDeviation: 0.3 }), [z, tf.scalar(-1)], probe),
        ...nn.GAUSSIAN_ERROR_FORMS.map((form) => () =>
          gradients((t, s, v = tf.scalar(-1)) => {
            const { m: share, logM } = nn.groupSoftmax(s);
            return nn.gaussianModelingError(seen, t, share, logM, v, { standardDeviation: 0.3, form });
          }, form === 'residual' ? [z, probe] : [z, probe, tf.scalar(-1)], m)),
        () => gradients((t, s, v) => nn.gaussianCost(seen, t, nn.groupSoftmax(s).logM, v), [z, probe, tf.scalar(-1)], tf.scalar(1)),
        () => [nn.sumOfSquares(x), nn.columnSum(x), nn.sigmoid(x)],
        () => nn.adamUpdate(x, dy, tf.add(x, tf.mean(bias)), tf.square(dy), { learningRate: 0.1, step: 3 }),
        () => [nn.stackFeatures([z, m, probe]), ...tf.grads((...f) => nn.stackFeatures(f))([z, m], wide)],
      ];
      for (const run of cases) {
        await useTensorflow(options('auto'));
        const ours = await Promise.all(run().map((t) => t.data()));
        await useTensorflow(options('off'));
        const others = await Promise.all(run().map((t) => t.data()));
        ours.forEach((values, i) => {
          hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
          const size = others[i].reduce((most, value) => Math.max(most, Math.abs(value)), 1);
          values.forEach((value, j) => {
            const difference = Math.abs(value - others[i][j]) / size;
            if (!(difference <= largest)) largest = difference;
          });
        });
      }
    }
    const { kernels, noKernels } = setup;
    console.log(JSON.stringify({ kernels: kernels.length, noKernels, largest, bits: hash.digest('hex') }));
  `;
}

/** A copy of the installation with another manifest. */
async function installationWith(change: (manifest: Manifest) => Manifest) {
  const { folder } = await findInstallation('test', undefined, ['cpu']);
  const root = await mkdtemp(join(tmpdir(), 'taggerjs-kernels-'));
  await cp(join(folder, 'binding'), join(root, 'cpu/binding'), { recursive: true });
  await cp(join(folder, 'tfjs-node'), join(root, 'cpu/tfjs-node'), { recursive: true });
  await symlink(join(folder, 'tensorflow'), join(root, 'cpu/tensorflow'));
  const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as Manifest;
  await writeFile(join(root, 'cpu/manifest.json'), JSON.stringify(change(manifest)));
  return { root, remove: () => rm(root, { recursive: true }) };
}

describe('a process', () => {
  it('exits by itself, prints nothing, and keeps its environment', async () => {
    const { status, stdout, stderr } = await runProgram(program({ threads: 1 }));
    expect([status, stderr]).toEqual([0, '']);
    const { values, text, env } = JSON.parse(stdout);
    expect(values).toEqual([3, 7]);
    expect(text).toMatch(/^TensorFlow 2\.\S+ on the CPU, 1 thread/);
    expect(env).toBeUndefined();
  });

  it('refuses if a backend of the same name is already registered', async () => {
    const { stdout } = await runProgram(`
      import { useTensorflow } from '@taggerjs/backend-tensorflow';
      import * as tf from '@tensorflow/tfjs-core';
      tf.registerBackend('tensorflow', () => { throw new Error('not made'); });
      await useTensorflow().catch(({ message }) => console.log(message));
    `);
    expect(stdout).toMatch(/a backend named 'tensorflow' is already registered.*tfjs-node/);
  });
});

describe.each(['22', '24'])('Node %s', (version) => {
  it('computes', async () => {
    const node = installNode(version);
    const { status, stdout, stderr } = await runProgram(program({ threads: 1 }), { node });
    expect([status, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout).values).toEqual([3, 7]);
  });
});
