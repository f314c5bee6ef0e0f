import { Worker } from 'node:worker_threads';

/** Number of renewals within the length of a lease. */
const RENEWALS = 6;

/**
 * Renames the lease's file to its next name. A rename fails if the file has been renamed by others, so a lease that was taken
 * over is never renewed. Other errors may pass, such as those of a network.
 */
const PROGRAM = `
const { readdirSync, renameSync } = require('node:fs');
const { join } = require('node:path');
const { folder, prefix, interval } = require('node:worker_threads').workerData;

setInterval(() => {
  try {
    const name = readdirSync(folder).find((name) => name.startsWith(prefix));
    if (name === undefined) return;
    const next = Number(name.slice(prefix.length)) + 1;
    renameSync(join(folder, name), join(folder, prefix + String(next).padStart(9, '0')));
  } catch {}
}, interval);
`;

/**
 * Renews a lease regularly, from a thread of its own: a single training step may block the main thread for longer than a lease.
 *
 * @param folder the folder `lock`
 * @param prefix what all names of the lease's file have in common
 * @param lease length of the lease in milliseconds
 * @returns stops renewing
 */
export function renewLease(folder: string, prefix: string, lease: number): () => void {
  const worker = new Worker(PROGRAM, {
    eval: true,
    // Not those of this process, which may load a compiler or name the type of its input.
    execArgv: [],
    workerData: { folder, prefix, interval: lease / RENEWALS },
  });
  worker.unref();
  return () => void worker.terminate();
}
