import { readFile, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

import { bootId, isRunning } from './process-start';

/** The lock of version 0.1: a file that names its process, which never renews it. */
const FILE = 'lock.json';

/** The process that holds a folder by a lock of version 0.1. */
export interface FormerHolder {
  readonly pid: number;
  readonly host: string;
  /** Time when it took the lock, ISO 8601. */
  readonly since: string;
  /** Path of the file. */
  readonly path: string;
}

/**
 * Reads the lock of version 0.1, and removes it if its process has ended or it is not readable. A process of another host
 * counts as running, because such locks are not renewed.
 *
 * @returns the process that holds the folder; undefined if there is none
 */
export async function formerHolder(folder: string): Promise<FormerHolder | undefined> {
  const path = join(folder, FILE);
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const holder = parse(text);
  if (holder && mayRun(holder)) return { ...holder, path };
  await rm(path, { force: true });
  return undefined;
}

interface FormerLock {
  readonly pid: number;
  readonly host: string;
  readonly since: string;
  /** Start of the process in clock ticks since boot, and the boot id; null if unknown. */
  readonly began: string | null;
}

function parse(text: string): FormerLock | undefined {
  try {
    const lock = JSON.parse(text) as Partial<FormerLock> | null;
    return typeof lock?.pid === 'number' ? (lock as FormerLock) : undefined;
  } catch {
    return undefined;
  }
}

function mayRun({ pid, host, began }: FormerLock): boolean {
  if (host !== hostname()) return true;
  const [start = null, boot = ''] = began?.split(' ') ?? [];
  const now = bootId();
  return (boot === '' || now === '' || boot === now) && isRunning(pid, start);
}
