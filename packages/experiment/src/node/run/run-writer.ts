import { open, readdir, readFile, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

import { TEMPORARY_SUFFIX, writeFileAtomic } from '@taggerjs/weights/node';

import { ExperimentError } from '../../errors';
import type { FolderLock } from '../lock/folder-lock';
import type { MetricsRecord } from './run';
import { exists, type RunFolder } from './run-folder';

/**
 * Writes the files of a run while this process holds its folder.
 *
 * A process may be suspended at any moment and wake up after another one has taken the folder over, so checking the lock before
 * a write is not enough. These measures together ensure that such a write never reaches the run:
 *
 * - Files are replaced by renaming a temporary file. The lock is checked between writing and renaming it, and a process that
 *   resumes the run first removes all temporary files: the rename of its predecessor then fails.
 * - A process that resumes the run replaces the metrics by a copy. Its predecessor opened them before it checked the lock, so it
 *   writes to the file that was replaced.
 */
export interface RunWriter {
  /** Number of metrics records so far. */
  readonly records: number;
  /** Appends a record to the metrics, as one line of JSON. */
  record(metrics: MetricsRecord): Promise<void>;
  /** Flushes the metrics to disk. Call it before writing a checkpoint, which refers to them. */
  flushMetrics(): Promise<void>;
  /** Takes over a run: removes temporary files, which a process that was killed or suspended left. */
  clean(): Promise<void>;
  /** Takes over the metrics: drops all records after the first `count`, and any unfinished line. @returns the records left */
  keepMetrics(count: number): Promise<number>;
  /** Writes a file of the run completely or not at all. */
  write(path: string, contents: string | Uint8Array): Promise<void>;
  /** Removes a file of the run. */
  remove(path: string): Promise<void>;
  /** Marks the run as finished. */
  finish(result: Readonly<Record<string, unknown>>): Promise<void>;
  /** Closes the metrics and releases the folder. */
  close(): Promise<void>;
}

/**
 * Creates the writer of a run.
 *
 * Its functions throw ExperimentError `LOCK_LOST` if another process has taken the folder over, ExperimentError or WeightsError
 * `FILE` if a file cannot be written, for example because the disk is full.
 *
 * @param folder the run
 * @param lock its lock, released by `close`
 */
export function createRunWriter(folder: RunFolder, lock: FolderLock): RunWriter {
  const path = folder.metricsFile;
  let records = 0;
  let metrics: { readonly file: FileHandle; length: number } | undefined;

  const openMetrics = async () => {
    const file = await open(path, 'a');
    return { file, length: (await file.stat()).size };
  };
  /** The error of a write, or a better one if the write failed because the folder was taken over. */
  const explained = (cause: unknown): never => {
    lock.check();
    throw cause;
  };
  const cannotWriteMetrics = (cause: Error): never => {
    lock.check();
    throw new ExperimentError('FILE', `'${path}' cannot be written: ${cause.message}`, { cause });
  };
  const write = async (path: string, contents: string | Uint8Array) => {
    lock.check();
    await writeFileAtomic(path, contents, { beforeRename: () => lock.check() }).catch(explained);
  };

  return {
    get records() {
      return records;
    },
    async record(values) {
      const line = Buffer.from(`${JSON.stringify(values)}\n`);
      metrics ??= await openMetrics().catch(cannotWriteMetrics);
      lock.check();
      try {
        await metrics.file.appendFile(line);
      } catch (error) {
        // A full disk may take a part of the line.
        await metrics.file.truncate(metrics.length).catch(() => undefined);
        cannotWriteMetrics(error as Error);
      }
      metrics.length += line.length;
      records += 1;
    },
    async flushMetrics() {
      await metrics?.file.sync().catch(cannotWriteMetrics);
    },
    async clean() {
      for (const place of [folder.path, folder.checkpoints, folder.picture('.')]) {
        const names = await readdir(place).catch(() => []);
        // Now none of these names belongs to a successor.
        lock.check();
        for (const name of names.filter((name) => name.endsWith(TEMPORARY_SUFFIX))) {
          await rm(join(place, name), { recursive: true, force: true });
        }
      }
    },
    async keepMetrics(count) {
      records = 0;
      const bytes = (await exists(path)) ? await readFile(path) : Buffer.alloc(0);
      let end = 0;
      for (let next; records < count && (next = bytes.indexOf(0x0a, end)) >= 0; records++) end = next + 1;
      await write(path, bytes.subarray(0, end));
      return records;
    },
    write,
    async remove(path) {
      lock.check();
      await rm(path, { force: true });
    },
    finish: (result) => write(folder.finishedFile, `${JSON.stringify(result, null, 2)}\n`),
    async close() {
      await metrics?.file.close().catch(() => undefined);
      lock.release();
    },
  };
}
