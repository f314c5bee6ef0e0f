import { runForJson, runProgram } from '@taggerjs-tools/testing';

const imports = `
  import * as tf from '@tensorflow/tfjs-core';
  import { useWasm } from '@taggerjs/backend-wasm';
`;

describe('a process that used useWasm', () => {
  it.each([1, 2])('exits by itself with %i threads, at work until then', async (threads) => {
    const end = await runProgram(`${imports}
      await useWasm({ threads: ${threads} });
      const product = tf.matMul(tf.ones([300, 300]), tf.ones([300, 300]));
      console.log((await product.data())[0]);
    `);
    expect(end).toEqual({ status: 0, stdout: '300\n', stderr: '' });
  });

  it('keeps its own listeners, and gets none from tfjs', async () => {
    const counts = await runForJson<number[][]>(`${imports}
      const events = ['uncaughtException', 'unhandledRejection', 'exit'];
      for (const event of events) process.on(event, () => {});
      const count = () => events.map((event) => process.listenerCount(event));
      const counts = [count()];
      for (const threads of [1, 2, 3]) {
        await useWasm({ threads });
        counts.push(count());
      }
      tf.removeBackend('wasm');
      counts.push(count());
      console.log(JSON.stringify(counts));
    `);
    expect(counts).toEqual(Array.from({ length: 5 }, () => counts[0]));
    expect(counts[0]).toEqual([1, 1, expect.any(Number)]);
  });

  it('has no new globals', async () => {
    const added = await runForJson(`${imports}
      await import('@tensorflow/tfjs-backend-wasm');
      const before = new Set(Object.getOwnPropertyNames(globalThis));
      await useWasm({ threads: 2 });
      console.log(JSON.stringify(Object.getOwnPropertyNames(globalThis).filter((name) => !before.has(name))));
    `);
    expect(added).toEqual([]);
  });

  it('starts the requested threads, and ends each when the backend is recreated or removed', async () => {
    const counts = await runForJson(`${imports}
      import { Worker } from 'node:worker_threads';
      let started = 0, ended = 0;
      const { postMessage } = Worker.prototype;
      Worker.prototype.postMessage = function (...args) {
        if (args[0]?.cmd === 'load') {
          started++;
          this.once('exit', () => ended++);
          this.unref();
        }
        return postMessage.apply(this, args);
      };
      const counts = [];
      const settle = async () => {
        for (let i = 0; i < 50 && ended < started - live; i++) await new Promise((done) => setTimeout(done, 20));
        counts.push([started, ended]);
      };
      let live = 2;
      await useWasm({ threads: 3, kernels: 'off' });
      await settle();
      live = 1;
      await useWasm({ threads: 2, kernels: 'off' });
      await settle();
      live = 0;
      tf.removeBackend('wasm');
      await settle();
      console.log(JSON.stringify(counts));
    `);
    expect(counts).toEqual([
      [2, 0],
      [3, 2],
      [3, 3],
    ]);
  });

  it('ends the threads of its kernels when the backend is recreated or removed', async () => {
    const counts = await runForJson(`${imports}
      import { Worker } from 'node:worker_threads';
      let started = 0, ended = 0;
      const { emit } = Worker.prototype;
      Worker.prototype.emit = function (event, ...values) {
        if (event === 'message' && values[0] === 'ready') {
          started++;
          this.once('exit', () => ended++);
        }
        return emit.call(this, event, ...values);
      };
      const counts = [];
      const settle = async (live) => {
        for (let i = 0; i < 50 && ended < started - live; i++) await new Promise((done) => setTimeout(done, 20));
        counts.push([started, ended]);
      };
      await useWasm({ threads: 3 });
      await settle(2);
      await useWasm({ threads: 2 });
      await settle(1);
      tf.removeBackend('wasm');
      await settle(0);
      console.log(JSON.stringify(counts));
    `);
    expect(counts).toEqual([
      [2, 0],
      [3, 2],
      [3, 3],
    ]);
  });

  it('also computes in a worker thread', async () => {
    const values = await runForJson(`
      import { Worker } from 'node:worker_threads';
      const program = ${JSON.stringify(`
        (async () => {
          (await import('tsx/esm/api')).register();
          const tf = await import('@tensorflow/tfjs-core');
          const { useWasm } = await import('@taggerjs/backend-wasm');
          const { threads } = await useWasm({ threads: 2 });
          const { matMul } = await import('@taggerjs/nn');
          const product = matMul(tf.ones([100, 200]), tf.ones([200, 100]));
          require('node:worker_threads').parentPort.postMessage([threads, (await product.data())[0]]);
        })();
      `)};
      const execArgv = ['--conditions=@taggerjs/source'];
      const worker = new Worker(program, { eval: true, execArgv });
      worker.once('message', (values) => console.log(JSON.stringify(values)));
    `);
    expect(values).toEqual([2, 200]);
  });

  it('uses one thread per core by default', async () => {
    const [threads, cores] = await runForJson<number[]>(`${imports}
      import { availableParallelism } from 'node:os';
      console.log(JSON.stringify([(await useWasm()).threads, availableParallelism()]));
    `);
    expect(threads).toBe(cores);
  });

  it('has no backend when the package is only imported', async () => {
    const backends = await runForJson(`${imports}
      console.log(JSON.stringify([typeof useWasm, tf.findBackendFactory('wasm'), tf.getBackend() ?? null]));
    `);
    expect(backends).toEqual(['function', null, null]);
  });
});
