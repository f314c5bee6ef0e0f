import { Worker } from 'node:worker_threads';

import { compileLimits } from './compile-limits';

/** The first page of the memory has counters, each on a separate cache line: jobs so far, then those done by each worker. */
const PAGE = 65536;
const LINE = 16;

const WORKER = `
  const { workerData: { module, memory, start, bytes, line } } = require('node:worker_threads');
  const { readAll } = new WebAssembly.Instance(module, { env: { memory } }).exports;
  const counters = new Int32Array(memory.buffer, 0, ${PAGE / 4});
  for (let jobs = 0; ; jobs++) {
    for (let spins = 0; spins < 20000 && Atomics.load(counters, 0) === jobs; spins++);
    Atomics.wait(counters, 0, jobs);
    readAll(start, bytes);
    Atomics.store(counters, line, jobs + 1);
  }
`;

/** Returns a function that reads the given number of bytes some times, as fast as several threads can. */
export async function memoryReader(bytes: number, threads: number): Promise<(times: number) => void> {
  const share = 256 * Math.ceil(bytes / threads / 256);
  const { module, memory, limits } = await compileLimits(share * threads);
  // Pages that were never written all map to the same physical page.
  new Uint8Array(memory.buffer).fill(1, PAGE);
  const counters = new Int32Array(memory.buffer, 0, PAGE / 4);
  for (let i = 1; i < threads; i++) {
    const workerData = { module, memory, start: PAGE + i * share, bytes: share, line: i * LINE };
    new Worker(WORKER, { eval: true, workerData }).unref();
  }
  let jobs = 0;
  const readOnce = () => {
    jobs += 1;
    Atomics.store(counters, 0, jobs);
    Atomics.notify(counters, 0);
    limits.readAll(PAGE, share);
    for (let i = 1; i < threads; i++) while (Atomics.load(counters, i * LINE) < jobs);
  };
  // The workers start at different times, so wait until all have read once.
  readOnce();
  return (times) => {
    for (let i = 0; i < times; i++) readOnce();
  };
}
