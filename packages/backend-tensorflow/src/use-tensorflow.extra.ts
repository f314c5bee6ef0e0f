import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  columnSum,
  featureProduct,
  matMul,
  normalize,
  relu,
  reluOperation,
  servedBy,
  sigmoidGradientOperation,
} from '@taggerjs/nn';
import {
  expectAllClose,
  expectNoLeak,
  installNode,
  runProgram as run,
  type ProgramOptions,
} from '@taggerjs-tools/testing';
import * as tf from '@tensorflow/tfjs-core';

import { useTensorflow } from './index.node';
import { findInstallation, kernelsPlace, PLACES } from './installation/installation';
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

  it('report exhausted memory, compute correctly afterwards, and do not keep more memory for it', async () => {
    const { status, stdout, stderr } = await runProgram(`
      import { execFileSync } from 'node:child_process';
      import { readFileSync } from 'node:fs';
      import { useTensorflow } from '@taggerjs/backend-tensorflow';
      import { matMul, relu } from '@taggerjs/nn';
      import * as tf from '@tensorflow/tfjs-core';

      await useTensorflow({ threads: 1 });
      const MiB = 2 ** 20;
      const limit = (bytes) => execFileSync('prlimit', ['--pid', String(process.pid), '--as=' + bytes + ':']);
      const addresses = () => 1024 * Number(/^VmSize:\\s*(\\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))[1]);
      const rss = () => process.memoryUsage.rss() / MiB;
      const codeOf = (run) => {
        try {
          run();
        } catch ({ code }) {
          return code;
        }
      };

      // The packed form of the weights has 128 MiB, the product only 128 KiB.
      const [x, weights] = [tf.ones([1, 1024]), tf.fill([1024, 32768], 0.5)];
      const [column, row] = [tf.ones([60000, 1]), tf.ones([1, 60000])];
      tf.dispose([relu(x), relu(column), relu(row)]);
      limit(addresses() + 40 * MiB);
      const codes = [codeOf(() => matMul(x, weights)), codeOf(() => matMul(column, row))];
      limit('unlimited');
      const product = await matMul(x, weights).data();
      const before = rss();
      for (let size = 20; size < 60; size += 2) {
        const values = tf.ones([size, MiB / 4]);
        tf.dispose([values, relu(values)]);
      }
      console.log(JSON.stringify({ codes, values: [...new Set(product)], grown: rss() - before }));
    `);
    expect([status, stderr]).toEqual([0, '']);
    const { codes, values, grown } = JSON.parse(stdout);
    expect(codes).toEqual(['BACKEND_FAILED', 'BACKEND_FAILED']);
    expect(values).toEqual([512]);
    // All of these results together have 780 MiB.
    expect(grown).toBeLessThan(300);
  });

  it('refuse more outputs than a call can describe', async () => {
    const { status, stdout, stderr } = await runProgram(`
      import { useTensorflow } from '@taggerjs/backend-tensorflow';
      import { adamUpdates } from '@taggerjs/nn';
      import * as tf from '@tensorflow/tfjs-core';

      await useTensorflow({ threads: 1 });
      const one = tf.ones([1, 1, 1, 1]);
      const all = Array.from({ length: 3000 }, () => ({ parameter: one, gradient: one, m: one, v: one, average: one }));
      const update = (tensors) => adamUpdates(tensors, { learningRate: 0.1, step: 1, averageDecay: 0.5 });
      let code;
      try {
        update(all);
      } catch (error) {
        ({ code } = error);
      }
      const [{ average }] = update(all.slice(0, 1000));
      console.log(JSON.stringify({ code, shape: average.shape }));
    `);
    expect([status, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toEqual({ code: 'BACKEND_FAILED', shape: [1, 1, 1, 1] });
  });

  describe('in worker threads', () => {
    /** Multiplies ones with weights of `value` in four threads, one after the other. */
    const inWorkers = (before: string, inner: number, columns: number) =>
      runProgram(
        `
          import { once } from 'node:events';
          import { Worker } from 'node:worker_threads';
          import { useTensorflow } from '@taggerjs/backend-tensorflow';

          ${before}
          const ofWorker = \`(async () => {
            (await import('tsx/esm/api')).register();
            const { parentPort, workerData } = await import('node:worker_threads');
            const { useTensorflow } = await import('@taggerjs/backend-tensorflow');
            const { matMul } = await import('@taggerjs/nn');
            const tf = await import('@tensorflow/tfjs-core');
            await useTensorflow({ threads: 1 });
            const [x, weights] = [tf.ones([1, ${inner}]), tf.fill([${inner}, ${columns}], workerData)];
            const product = matMul(x, weights);
            parentPort.postMessage((await product.data())[0]);
            tf.dispose([product, x, weights]);
          })()\`;
          const [values, rss] = [[], []];
          for (let i = 1; i <= 4; i++) {
            const worker = new Worker(ofWorker, { eval: true, workerData: i });
            worker.on('message', (value) => values.push(value));
            await once(worker, 'exit');
            rss.push(process.memoryUsage.rss() / 2 ** 20);
          }
          console.log(JSON.stringify({ values, rss }));
        `,
        // A worker cannot silence TensorFlow.
        { env: { TF_CPP_MIN_LOG_LEVEL: '3' } },
      );

    // The binding is unloaded with each thread, and numbers tensors from zero again.
    it('multiply with the weights of their thread', async () => {
      const { status, stdout, stderr } = await inWorkers('', 8, 5);
      expect([status, stderr]).toEqual([0, '']);
      expect(JSON.parse(stdout).values).toEqual([8, 16, 24, 32]);
    });

    it('free packed weights when the thread ends', async () => {
      const { status, stdout, stderr } = await inWorkers('await useTensorflow({ threads: 1 });', 1024, 32768);
      expect([status, stderr]).toEqual([0, '']);
      const { rss } = JSON.parse(stdout);
      // Each has 128 MiB of weights.
      expect(rss.at(-1) - rss[0]).toBeLessThan(200);
    });
  });

  describe('add up columns of many rows', () => {
    const [rows, columns] = [10_240, 33];
    const bits = (i: number) => Math.sin(3.1 * i);
    const fillings: Record<string, (row: number, column: number) => number> = {
      'of mean 10': (row, column) => 10 + bits(row * columns + column),
      'that repeat': (_, column) => 10.1 + bits(column),
    };

    it.each(Object.keys(fillings))('%s, to two units in the last place', async (name) => {
      await useTensorflow({ threads: 2 });
      const x = Float32Array.from({ length: rows * columns }, (_, i) =>
        fillings[name]!(Math.floor(i / columns), i % columns),
      );
      const sums = tf.tidy(() => columnSum(tf.tensor2d(x, [rows, columns])));
      const actual = await sums.data();
      sums.dispose();
      for (let column = 0; column < columns; column++) {
        let sum = 0;
        for (let row = 0; row < rows; row++) sum += x[row * columns + column]!;
        expect(Math.abs(actual[column]! / sum - 1)).toBeLessThan(2 * 2 ** -23);
      }
    });

    it.each(['batch', 'layer'] as const)('for the gradients of %s normalization', async (norm) => {
      await useTensorflow({ threads: 2 });
      const given = Float32Array.from({ length: rows * columns }, (_, i) => 10 + bits(i));
      const dy = Float32Array.from({ length: rows * columns }, (_, i) => 1 + bits(7 * i + 1));
      const [dGain, dBias] = tf.tidy(() => {
        const [x, g] = [tf.tensor2d(given, [rows, columns]), tf.tensor2d(dy, [rows, columns])];
        const run = (gain: tf.Tensor, bias: tf.Tensor) =>
          normalize(x, { norm, gain: gain as tf.Tensor1D, bias: bias as tf.Tensor1D });
        return tf.grads(run)([tf.ones([columns]), tf.zeros([columns])], g);
      });
      const [actualGain, actualBias] = [await dGain!.data(), await dBias!.data()];
      tf.dispose([dGain, dBias]);
      const xhat = standardized(given, rows, columns, norm);
      for (let column = 0; column < columns; column++) {
        let [gain, bias, size] = [0, 0, 0];
        for (let row = 0; row < rows; row++) {
          const at = row * columns + column;
          gain += dy[at]! * xhat[at]!;
          size += Math.abs(dy[at]! * xhat[at]!);
          bias += dy[at]!;
        }
        // The mean, near 10, is rounded to float32: that moves every xhat by up to 1e-6.
        expect(Math.abs(actualGain[column]! - gain)).toBeLessThan(2e-6 * size);
        expect(Math.abs(actualBias[column]! / bias - 1)).toBeLessThan(3 * 2 ** -23);
      }
    });
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

/** (x - mean) / sqrt(variance), in float64, of columns (`batch`) or rows. */
function standardized(x: Float32Array, rows: number, columns: number, norm: 'batch' | 'layer'): Float64Array {
  const result = new Float64Array(x.length);
  const [outer, inner] = norm === 'batch' ? [columns, rows] : [rows, columns];
  const at = (i: number, j: number) => (norm === 'batch' ? j * columns + i : i * columns + j);
  for (let i = 0; i < outer; i++) {
    let [mean, variance] = [0, 0];
    for (let j = 0; j < inner; j++) mean += x[at(i, j)]! / inner;
    for (let j = 0; j < inner; j++) variance += (x[at(i, j)]! - mean) ** 2 / inner;
    for (let j = 0; j < inner; j++) result[at(i, j)] = (x[at(i, j)]! - mean) / Math.sqrt(variance);
  }
  return result;
}

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
      const [w, dyOfProduct] = [filled([D, 70], -1, 1), filled([R, 70], -1, 1)];
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
        ...[false, true].flatMap((transposeA) => [false, true].map((transposeB) => () =>
          gradients((...i) => nn.matMul(i[0], i[1], { transposeA, transposeB }), [transposeA ? tf.transpose(x) : x,
            transposeB ? tf.transpose(w) : w], dyOfProduct))),
        () => [nn.add(x, dy), tf.add(x, dy), tf.add(x, gain), nn.reshape(x, [D, R])],
        () => [nn.weightedSum([tf.scalar(3), tf.scalar(-2)], [0.25, 2])],
        () => [nn.sumOfSquares(x), nn.columnSum(x), nn.sigmoid(x)],
        () => nn.adamUpdate(x, dy, tf.add(x, tf.mean(bias)), tf.square(dy), { learningRate: 0.1, step: 3 }),
        ...[undefined, tf.scalar(0.5)].map((scale) => () =>
          nn.adamUpdates([x, w].map((t) => ({ parameter: t, gradient: t, m: t, v: tf.square(t), ...(scale && { average: t }) })),
            { learningRate: 0.1, step: 3, averageDecay: 0.9, ...(scale && { scale }) }).flatMap((t) => Object.values(t))),
        () => [nn.globalNorm([x, w, bias])],
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

describe('bfloat16', () => {
  it('is computed in float32 on processors without instructions for it, and the setup says so', async () => {
    const setup = await useTensorflow({ threads: 2, precision: 'bfloat16' });
    const flags = await readFile('/proc/cpuinfo', 'utf8');
    if (/avx512_bf16|amx_bf16/.test(flags)) {
      expect(setup).toMatchObject({ precision: 'bfloat16', bfloat16: expect.stringMatching(/^(AVX512|AMX)-BF16$/) });
    } else {
      expect(setup).toMatchObject({ precision: 'float32', noBfloat16: expect.stringContaining('AVX512-BF16') });
    }
    expect(await useTensorflow({ threads: 2 })).toMatchObject({ precision: 'float32' });
  });

  it('rounds the operands of products, and nothing else', async () => {
    const product = async () => {
      const [x, w] = [tf.tensor2d([1 + 2 ** -9, 1], [1, 2]), tf.tensor2d([1, 2 ** -9], [2, 1])];
      const y = matMul(x, w);
      const values = Array.from(await y.data());
      tf.dispose([x, w, y]);
      return values;
    };
    await useTensorflow({ threads: 2 });
    expect(await product()).toEqual([1 + 2 ** -8]);
    for (const kernels of ['auto', 'off'] as const) {
      const setup = await useTensorflow({ threads: 2, kernels, precision: 'emulated-bfloat16' });
      expect(setup.precision).toBe('emulated-bfloat16');
      // The first 2^-9 is rounded away; the sum keeps the second.
      expect(await product()).toEqual([1 + 2 ** -9]);
    }
    await useTensorflow({ threads: 2 });
  });

  // Products begin within a block of packed weights; of three elements, also within a pair of numbers.
  it.each([3, 5, 26, 64])(
    'rounds only the features that vary in a product of features of %i elements',
    async (size) => {
      const constants = [0.3, NaN, NaN, 0.7];
      const [rows, columns] = [37, 50];
      const numbers = (length: number, seed: number) =>
        Float32Array.from({ length }, (_, i) => Math.sin(3.1 * i + seed));
      await useTensorflow({ threads: 2, precision: 'emulated-bfloat16' });
      await expectNoLeak(async () => {
        const varying = tf.tensor2d(numbers(rows * 2 * size, 1), [rows, 2 * size]);
        const x = tf.tidy(
          () => tf.concat([tf.fill([rows, size], 0.3), varying, tf.fill([rows, size], 0.7)], 1) as tf.Tensor2D,
        );
        const w = tf.tensor2d(numbers(4 * size * columns, 2), [4 * size, columns]);
        const dy = tf.tensor2d(numbers(rows * columns, 3), [rows, columns]);
        const part = (t: tf.Tensor2D, feature: number, count = 1) =>
          tf.slice2d(t, [feature * size, 0], [count * size, -1]);
        const pairs = tf.tidy(() => {
          const product = featureProduct(x, w, constants);
          const run = (weights: tf.Tensor) => featureProduct(x, weights as tf.Tensor2D, constants);
          const gradient = tf.grad(run)(w, dy) as tf.Tensor2D;
          const [first, last] = [tf.mul(columnSum(part(w, 0)), 0.3), tf.mul(columnSum(part(w, 3)), 0.7)];
          const ofConstant = (value: number) => tf.mul(tf.ones([size, 1]), tf.mul(columnSum(dy), value));
          return [
            [product, tf.add(matMul(varying, part(w, 1, 2)), tf.add(first, last))],
            [part(gradient, 0), ofConstant(0.3)],
            [part(gradient, 1, 2), matMul(varying, dy, { transposeA: true })],
            [part(gradient, 3), ofConstant(0.7)],
          ] as [tf.Tensor, tf.Tensor][];
        });
        for (const [actual, expected] of pairs) {
          expectAllClose(await actual.data(), await expected.data(), { relative: 1e-5, absolute: 1e-5 });
        }
        tf.dispose([varying, x, w, dy, pairs]);
      });
      await useTensorflow({ threads: 2 });
    },
  );

  it('keeps no rounded weights of a precision that is no longer used', async () => {
    await useTensorflow({ threads: 2, kernels: 'off', precision: 'emulated-bfloat16' });
    const { binding } = tf.backend() as unknown as { binding: { getNumOfTensors(): number } };
    const before = binding.getNumOfTensors();
    const [x, w] = [tf.ones<tf.Rank.R2>([2, 3]), tf.ones<tf.Rank.R2>([3, 4])];
    tf.dispose([matMul(x, w), x, w]);
    await useTensorflow({ threads: 2 });
    expect(binding.getNumOfTensors()).toBe(before);
  });

  it('keeps NaN and infinity', async () => {
    await useTensorflow({ threads: 2, precision: 'emulated-bfloat16' });
    const [x, one] = [tf.tensor2d([NaN, Infinity, -Infinity], [3, 1]), tf.ones<tf.Rank.R2>([1, 1])];
    const y = matMul(x, one);
    expect(Array.from(await y.data())).toEqual([NaN, Infinity, -Infinity]);
    tf.dispose([x, one, y]);
    await useTensorflow({ threads: 2 });
  });

  // Tiles in software run the program for AMX, and vectors that for AVX512-BF16, but for the instruction.
  it('gives the same numbers with tiles, in software, and with vectors; and with instructions that the processor has', async () => {
    const { folder, manifest } = await findInstallation('test', undefined, ['cpu']);
    const kernels = Object.fromEntries(
      manifest.kernels!.levels.map((level) => [level, join(folder, kernelsPlace(level))]),
    );
    const flags = await readFile('/proc/cpuinfo', 'utf8');
    const instructions = [
      ...(/amx_bf16|avx512_bf16/.test(flags) ? [1] : []),
      ...(flags.includes('avx512_bf16') ? [4] : []),
    ];
    const { stdout, stderr } = await runProgram(`
      const module_ = { exports: {} };
      process.env.TF_CPP_MIN_LOG_LEVEL = '3';
      process.dlopen(module_, ${JSON.stringify(join(folder, PLACES.addon))});
      const { backend } = module_.exports.create(Uint8Array.from([10, 7, 10, 3, 71, 80, 85, 16, 0, 16, 1]));
      const kernels = ${JSON.stringify(kernels)};
      const level = module_.exports.cpuLevels().find((name) => name in kernels);
      const { names, numbers, run } = module_.exports.loadKernels(kernels[level], 2);
      let largest = 0;
      let compared = 0;
      for (const [M, K, N] of [[1, 1, 1], [16, 32, 16], [33, 65, 47], [70, 129, 100], [40, 4200, 20]]) {
        // Of K features of one element, the first four and the last are constant.
        const constants = Array.from({ length: K }, (_, i) => (i < 4 || i === K - 1 ? 0.5 : NaN));
        const kinds = [[0, 0], [0, 1], [1, 0], [1, 1], ...(K < 200 ? [[0, 0, constants]] : [])];
        for (const [tA, tB, features] of kinds) {
          const make = (rows, columns) => backend.createTensor([rows, columns], backend.TF_FLOAT,
            Float32Array.from({ length: rows * columns }, (_, i) => Math.sin(3.1 * i)));
          const ids = [tA ? make(K, M) : make(M, K), tB ? make(N, K) : make(K, N)];
          const product = (arithmetic) => {
            const attributes = features ? [arithmetic, K, ...features] : [tA, tB, arithmetic];
            const kernel = names.indexOf(features ? 'TaggerFeatureProduct' : 'TaggerMatMul');
            numbers.set([kernel, attributes.length, ...attributes, 2, ...ids]);
            run();
            return backend.tensorDataSync(numbers[1]);
          };
          const vectors = product(2);
          for (const arithmetic of ${JSON.stringify([3, ...instructions])}) {
            product(arithmetic).forEach((value, i) => {
              // Both sums of K products below 1 in float32 are off by K^2 2^-24 at most.
              const difference = Math.abs(value - vectors[i]) / (2 * K * K * 2 ** -24);
              if (!(difference <= largest)) largest = difference;
            });
            compared++;
          }
        }
      }
      console.log(JSON.stringify({ largest, compared }));
    `);
    expect(stderr).toBe('');
    const { largest, compared } = JSON.parse(stdout);
    expect(compared).toBe(24 * (1 + instructions.length));
    expect(largest).toBeLessThan(1);
  });
});

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
