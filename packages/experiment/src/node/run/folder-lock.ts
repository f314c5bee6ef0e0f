import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { readFileSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { TEMPORARY_SUFFIX } from '@taggerjs/weights/node';

import { ExperimentError } from '../../errors';

const FILE = 'lock.json';

/** The process that holds a folder. */
interface Holder {
  readonly pid: number;
  readonly host: string;
  /** Start time of the process, in the system's own units; null if unknown. */
  readonly began: string | null;
  /** Time when it took the lock, ISO 8601. */
  readonly since: string;
  /** Identifies this lock. */
  readonly token: string;
}

/** A folder that this process holds. */
export interface FolderLock {
  /** Releases the folder. */
  release(): void;
}

/**
 * Locks a folder for this process by writing a file that names the process. Ignores the lock of a process that has ended, even if
 * its process id is in use again.
 *
 * @throws ExperimentError `RUN_FOLDER` if another process holds the folder, `FILE` if it cannot be written
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const path = join(folder, FILE);
  const holder: Holder = {
    pid: process.pid,
    host: hostname(),
    began: startOf(process.pid),
    since: new Date().toISOString(),
    token: randomUUID(),
  };
  const own = `${path}.${holder.token}${TEMPORARY_SUFFIX}`;
  try {
    await writeFile(own, `${JSON.stringify(holder)}\n`, { flag: 'wx' });
    for (;;) {
      // Creating a link is atomic, and fails if it exists already.
      if (await link(own, path).then(() => true, existsAlready)) break;
      const other = await readHolder(path);
      if (other === 'gone') continue;
      if (other !== 'unreadable' && isAlive(other)) throw inUse(path, folder, other);
      await removeStale(path, other);
    }
  } catch (cause) {
    if (cause instanceof ExperimentError) throw cause;
    throw new ExperimentError('FILE', `'${path}' cannot be written: ${(cause as Error).message}`, { cause });
  } finally {
    await rm(own, { force: true }).catch(() => undefined);
  }

  const release = () => {
    process.removeListener('exit', release);
    try {
      if ((JSON.parse(readFileSync(path, 'utf8')) as Holder).token === holder.token) rmSync(path, { force: true });
    } catch {
      // The lock is gone already, or cannot be removed. The next process sees that this one has ended.
    }
  };
  process.on('exit', release);
  return { release };
}

function existsAlready(error: NodeJS.ErrnoException): false {
  if (error.code === 'EEXIST') return false;
  throw error;
}

async function readHolder(path: string): Promise<Holder | 'gone' | 'unreadable'> {
  try {
    const holder = JSON.parse(await readFile(path, 'utf8')) as Partial<Holder> | null;
    return typeof holder?.pid === 'number' && typeof holder.token === 'string' ? (holder as Holder) : 'unreadable';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'gone' : 'unreadable';
  }
}

/** Removes a stale lock, unless another process has replaced it in the meantime. */
async function removeStale(path: string, stale: Holder | 'unreadable'): Promise<void> {
  const aside = `${path}.${randomUUID()}${TEMPORARY_SUFFIX}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const taken = await readHolder(aside);
  const same = typeof taken === 'object' && typeof stale === 'object' ? taken.token === stale.token : taken === stale;
  if (!same) await link(aside, path).then(() => undefined, existsAlready);
  await rm(aside, { force: true });
  if (!same) await sleep(10);
}

function isAlive({ pid, host, began }: Holder): boolean {
  // Processes on another machine are not visible here.
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  const now = startOf(pid);
  return now !== 'ended' && (began === null || now === null || began === now);
}

/** Start time of a process: clock ticks since boot, and the boot id; null if unknown. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field, a name in parentheses, may contain anything.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // Killed, but not yet reaped by its parent.
    if (fields[0] === 'Z' || fields[0] === 'X') return 'ended';
    return `${fields[19]} ${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}`;
  } catch {
    return null;
  }
}

function inUse(path: string, folder: string, { pid, host, since }: Holder): ExperimentError {
  const elsewhere =
    host === hostname() ? '' : ` If that process has ended, which cannot be seen from here, remove '${path}'.`;
  return new ExperimentError(
    'RUN_FOLDER',
    `'${folder}' is in use: process ${pid} on ${host} has been working on it since ${since}. Wait for it, or end it; then ` +
      `resume.${elsewhere}`,
  );
}
