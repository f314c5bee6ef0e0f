import { Worker } from 'node:worker_threads';

import { compileLimits, LARGEST_MEMORY_PAGES, type LimitExports } from './compile-limits';

const PAGE = 65536;
/** Counters in the shared memory, each on a separate cache line: jobs so far, then the jobs done by each worker. */
const LINE = 16;

/** Reads memory with several threads, as fast as possible. */
export interface MemoryReader {
  /** Reads all of it the given number of times; returns the milliseconds. */
  read(times: number): number;
  end(): Promise<void>;
}

const WORKER = `
  const { workerData: { module, memory, start, bytes, line } } = require('node:worker_threads');
  const { readAll } = new WebAssembly.Instance(module, { env: { memory } }).exports;
  const signals = new Int32Array(memory.buffer, 0, 16384);
  for (let jobs = 0; ; jobs++) {
    for (let spins = 0; spins < 20000 && Atomics.load(signals, 0) === jobs; spins++);
    Atomics.wait(signals, 0, jobs);
    readAll(start, bytes);
    Atomics.store(signals, line, jobs + 1);
  }
`;

/** A reader of the given number of bytes, which the threads share. */
export async function memoryReader(bytes: number, threads: number): Promise<MemoryReader> {
  const { module } = await compileLimits();
  const share = 256 * Math.ceil(bytes / threads / 256);
  const pages = 1 + Math.ceil((share * threads) / PAGE);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: LARGEST_MEMORY_PAGES, shared: true });
  // Pages that were never written all map to the same physical page.
  new Uint8Array(memory.buffer).fill(1, PAGE);
  const signals = new Int32Array(memory.buffer, 0, PAGE / 4).fill(0);
  const { exports } = await WebAssembly.instantiate(module, { env: { memory } });
  const { readAll } = exports as unknown as LimitExports;

  const workers = Array.from({ length: threads - 1 }, (_, i) => {
    const workerData = { module, memory, start: PAGE + (i + 1) * share, bytes: share, line: (i + 1) * LINE };
    return new Worker(WORKER, { eval: true, workerData });
  });
  let jobs = 0;
  const readOnce = () => {
    jobs += 1;
    Atomics.store(signals, 0, jobs);
    Atomics.notify(signals, 0);
    readAll(PAGE, share);
    for (let i = 1; i < threads; i++) while (Atomics.load(signals, i * LINE) < jobs);
  };
  // The workers start at different times, so wait until all have read once.
  readOnce();
  return {
    read(times) {
      const started = performance.now();
      for (let i = 0; i < times; i++) readOnce();
      return performance.now() - started;
    },
    async end() {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}
