import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { readFileSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { TEMPORARY_SUFFIX } from '@taggerjs/weights/node';

import { ExperimentError } from '../errors';

const FILE = 'lock.json';

/** Who writes into a run's folder. */
interface Holder {
  readonly pid: number;
  readonly host: string;
  /** When the process began, as the system counts; null where it does not tell. */
  readonly began: string | null;
  /** When it took the lock, ISO 8601. */
  readonly since: string;
  /** Tells this lock from any other. */
  readonly token: string;
}

/** A run's folder, held by this process. */
export interface RunLock {
  /** Gives it back. */
  release(): void;
}

/**
 * Takes a run's folder for this process, so that no other writes into it: a file that names the process. A process that
 * is gone, or whose number another one has by now, holds nothing.
 *
 * @throws ExperimentError `RUN_FOLDER` where another process holds it, `FILE` where the folder cannot be written
 */
export async function lockRun(folder: string): Promise<RunLock> {
  const path = join(folder, FILE);
  const holder: Holder = {
    pid: process.pid,
    host: hostname(),
    began: beginningOf(process.pid),
    since: new Date().toISOString(),
    token: randomUUID(),
  };
  const own = `${path}.${holder.token}${TEMPORARY_SUFFIX}`;
  try {
    await writeFile(own, `${JSON.stringify(holder)}\n`, { flag: 'wx' });
    for (;;) {
      // A link comes to be whole or not at all, and only where there is none.
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
      // It is gone already, or cannot be removed; whoever comes next sees that this process has ended.
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

/** Takes a stale lock away, but no other process's that has come in its place meanwhile. */
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
  // Nothing can be known of another machine's processes.
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  const now = beginningOf(pid);
  return now !== 'ended' && (began === null || now === null || began === now);
}

/** When a process began: its clock ticks since the start of the machine, and which start; null where unknown. */
function beginningOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field, a name in parentheses, may hold anything.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // Killed, but its parent has not looked yet.
    if (fields[0] === 'Z' || fields[0] === 'X') return 'ended';
    return `${fields[19]} ${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}`;
  } catch {
    return null;
  }
}

function inUse(path: string, folder: string, { pid, host, since }: Holder): ExperimentError {
  const elsewhere =
    host === hostname() ? '' : ` Whether that still runs cannot be seen from here: if it does not, remove '${path}'.`;
  return new ExperimentError(
    'RUN_FOLDER',
    `'${folder}' is in use: process ${pid} on ${host} has been training it since ${since}. Wait for it, or end it; then ` +
      `\`tagger resume\` goes on.${elsewhere}`,
  );
}
