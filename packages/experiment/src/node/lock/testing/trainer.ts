// A process that works on a run as `resumeRun` does, with steps that cost nothing. Started by folder-lock.extra.ts.
import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

import { latestCheckpoint, saveCheckpoint } from '../../run/checkpoint-folder';
import { openRunFolder } from '../../run/run-folder';
import { createRunWriter } from '../../run/run-writer';
import { lockFolder, type FolderLock } from '../folder-lock';

/** A line of the log, which all processes that work on a run share. Times are those of the wall clock, in milliseconds. */
export type LogLine =
  /** The process has the folder. */
  | { readonly type: 'acquired'; readonly id: number; readonly at: number }
  /** The process has written a record; `from`: before it checked the lock. */
  | { readonly type: 'wrote'; readonly id: number; readonly step: number; readonly from: number }
  /** The process found that it lost the folder. */
  | { readonly type: 'lost'; readonly id: number; readonly at: number; readonly message: string }
  /** A warning of the run: something is damaged or missing. */
  | { readonly type: 'warning'; readonly id: number; readonly message: string };

const [path = '', logFile = '', ...numbers] = process.argv.slice(2);
const [id = 0, lease = 0, steps = 0, everySteps = 0] = numbers.map(Number);

const log = (line: LogLine) => appendFileSync(logFile, `${JSON.stringify(line)}\n`);

async function acquire(): Promise<FolderLock> {
  for (;;) {
    try {
      return await lockFolder(path, { lease });
    } catch (error) {
      if (codeOf(error) !== 'RUN_FOLDER') throw error;
      await sleep(20);
    }
  }
}

async function work(): Promise<void> {
  const folder = await openRunFolder(path);
  const lock = await acquire();
  log({ type: 'acquired', id, at: Date.now() });
  const writer = createRunWriter(folder, lock);
  try {
    if (await folder.finished()) return;
    await writer.clean();
    const checkpoints = latestCheckpoint(folder.checkpoints, lock);
    let next = await checkpoints.next();
    for (; !next.done; next = await checkpoints.next()) log({ type: 'warning', id, message: next.value.message });
    const { state, info } = next.value ?? { state: { step: 0 }, info: { records: 0 } };
    const kept = await writer.keepMetrics(info.records);
    if (kept < info.records) log({ type: 'warning', id, message: `${info.records - kept} records are lost` });
    for (let step = state.step + 1; step <= steps; step++) {
      const from = Date.now();
      await writer.record({ step, id });
      log({ type: 'wrote', id, step, from });
      if (step % everySteps === 0) {
        await writer.flushMetrics();
        await saveCheckpoint(folder.checkpoints, checkpoint(step, writer.records), 2, writer);
      }
      await sleep(2);
    }
    await writer.finish({});
  } finally {
    await writer.close();
  }
}

function checkpoint(step: number, records: number): Parameters<typeof saveCheckpoint>[1] {
  return {
    state: {
      ...{ step, seconds: step, skipped: 0, evaluated: null, seed: 1, batchSize: 1, examples: 1, labeled: null },
      ...{ parameters: {}, modelState: {}, optimizer: { step, moments: {} }, ema: null },
    },
    info: {
      ...{ version: '0.1.0', recipe: {}, records, best: null },
      backend: { name: 'none', threads: 1, kernels: [] },
    },
  };
}

function codeOf(error: unknown): unknown {
  return (error as { readonly code?: unknown }).code;
}

/** Exit codes: the process lost the folder, or failed. `unshare` exits with 1 if its child is killed. */
const [LOST, FAILED] = [3, 4];

work().catch((error: unknown) => {
  if (codeOf(error) === 'LOCK_LOST') {
    log({ type: 'lost', id, at: Date.now(), message: (error as Error).message });
    process.exitCode = LOST;
  } else {
    process.stderr.write(`${(error as Error).stack}\n`);
    process.exitCode = FAILED;
  }
});
