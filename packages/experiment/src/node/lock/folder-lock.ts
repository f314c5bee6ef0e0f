import { readdirSync, rmdirSync, rmSync } from 'node:fs';
import { mkdir, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { TEMPORARY_SUFFIX } from '@taggerjs/weights/node';

import { ExperimentError } from '../../errors';
import { formerHolder } from './former-lock';
import { newHolder, stateOf, type Holder } from './holder';
import { hasExpired } from './lease-expiry';
import { leaseName, leasePrefix, parseLeaseName } from './lease-file';
import { renewLease } from './lease-renewal';

/*
 * The folder `lock` contains one file, the lease. Its name describes the holder and counts the renewals; its content is empty.
 *
 * - Acquire a free folder: rename a folder that contains a lease to `lock`, which fails if `lock` contains a file.
 * - Renew: rename the lease from its current name to its next one.
 * - Take over: rename the lease from the name that was observed to a name of your own.
 * - Release: remove the lease, then the folder.
 *
 * No name is ever used twice. So a rename compares and swaps: it fails if the holder renewed its lease, or anybody else took it,
 * after it was observed, no matter how long this process was suspended in between or how old the listing was that a network
 * file system gave it. Renames are atomic on local and network file systems, and no clocks are compared.
 *
 * Libraries such as proper-lockfile compare the lock's modification time with the local clock. They take a lock over by removing
 * it and creating it again, which can remove the lock of a process that was faster, and leave it to the caller to find out.
 */
const FOLDER = 'lock';

/** Milliseconds without a renewal after which others may take a folder over. */
const LEASE = 60_000;

/** Options of {@link lockFolder}. */
export interface LockOptions {
  /** Milliseconds without a renewal after which others may take the folder over. @default 60000 */
  readonly lease?: number;
}

/** A folder that this process holds. */
export interface FolderLock {
  /**
   * Checks that this process still holds the folder. Call it immediately before each write: while this process was suspended,
   * another one may have taken the folder over.
   *
   * @throws ExperimentError `LOCK_LOST` if it does not, `FILE` if that cannot be read
   */
  check(): void;
  /** Releases the folder. */
  release(): void;
}

/**
 * Locks a folder for this process, and renews the lock until it is released. The folder may be on a file system that several
 * machines share.
 *
 * The lock of a process that has ended is taken over at once if this process can see that. A process on another machine or in
 * another container cannot be seen: its lock is taken over once it has not been renewed for a minute.
 *
 * @throws ExperimentError `RUN_FOLDER` if another process holds the folder, `FILE` if it cannot be written
 */
export async function lockFolder(folder: string, { lease = LEASE }: LockOptions = {}): Promise<FolderLock> {
  const path = join(folder, FOLDER);
  const holder = newHolder(lease);
  const prefix = leasePrefix(holder);
  try {
    await acquire(path, holder);
    const former = await formerHolder(folder);
    if (former) {
      const { pid, host, since, path: file } = former;
      const who = `process ${pid} on ${host} has been working on it since ${since}`;
      throw inUse(path, who, ` If that process has ended, which cannot be seen from here, remove '${file}'.`);
    }
  } catch (cause) {
    removeLease(path, prefix);
    if (cause instanceof ExperimentError) throw cause;
    throw new ExperimentError('FILE', `'${path}' cannot be written: ${(cause as Error).message}`, { cause });
  }
  const stopRenewing = renewLease(path, prefix, lease);
  const release = () => {
    process.removeListener('exit', release);
    stopRenewing();
    removeLease(path, prefix);
  };
  process.on('exit', release);
  const check = () => {
    if (ownLease(path, prefix) === undefined) throw lost(path, namesIn(path)[0]);
  };
  return { check, release };
}

/**
 * Describes the holder of a folder, and how long {@link lockFolder} waits for it, if that has to wait to find out whether the holder
 * still runs. Tell the user before waiting.
 *
 * @returns undefined if there is nothing to wait for
 */
export async function unseenHolder(folder: string): Promise<string | undefined> {
  const [name] = await readdir(join(folder, FOLDER)).catch(() => []);
  if (name === undefined) return undefined;
  const holder = parseLeaseName(name)?.holder;
  if (holder !== undefined && stateOf(holder) !== 'unknown') return undefined;
  const who = describe(holder);
  const seconds = Math.ceil((holder?.lease ?? LEASE) / 1000);
  return (
    `${who}. It cannot be seen from here, so this waits up to ${seconds} s for it to renew its lock. If it does not, it has ` +
    'ended, and this process continues.'
  );
}

async function acquire(path: string, own: Holder): Promise<void> {
  const prefix = leasePrefix(own);
  const first = leaseName({ holder: own, renewals: 0 });
  const look = () => readdir(path).catch(onlyIf(['ENOENT'], [] as string[]));
  for (;;) {
    const names = await look();
    const name = names.find((name) => !name.startsWith(prefix));
    if (name === undefined) {
      if (names.length > 0) return;
      await claim(path, own.token, first);
      continue;
    }
    // A file that is not a lease, such as one of a later version, counts as a lease that cannot be seen.
    const holder = parseLeaseName(name)?.holder;
    const state = holder ? stateOf(holder) : 'unknown';
    if (state === 'running' || (state === 'unknown' && !(await hasExpired(look, name, holder?.lease ?? LEASE)))) {
      const now = await look();
      if (now.some((other) => tokenOf(other) === tokenOf(name))) throw inUse(path, describe(holder));
      // Released, or taken over by another process.
      continue;
    }
    await rename(join(path, name), join(path, first)).catch(onlyIf(['ENOENT'], undefined));
  }
}

/** Acquires a free folder. Does nothing if another process was faster. */
async function claim(path: string, token: string, name: string): Promise<void> {
  const temporary = `${path}.${token}${TEMPORARY_SUFFIX}`;
  await mkdir(temporary);
  try {
    await writeFile(join(temporary, name), '');
    // Windows does not replace folders. Only an empty one can be removed.
    await rmdir(path).catch(() => undefined);
    await rename(temporary, path);
  } catch (error) {
    // The other process has the folder, or has also removed temporary files. Windows reports EPERM for the former.
    const { code = '' } = error as NodeJS.ErrnoException;
    if (['EEXIST', 'ENOTEMPTY', 'ENOENT'].includes(code)) return;
    if (code !== 'EPERM' || namesIn(path).length === 0) throw error;
  } finally {
    await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** Removes the lease of a holder, unless it was taken over. */
function removeLease(path: string, prefix: string): void {
  try {
    // A renewal in progress may change its name.
    for (;;) {
      const name = ownLease(path, prefix);
      if (name === undefined) return;
      rmSync(join(path, name), { force: true });
      // Fails if another process has the folder by now.
      if (readdirSync(path).length === 0) rmdirSync(path);
    }
  } catch {
    // It is gone already, or cannot be removed. Others find that it is not renewed anymore.
  }
}

/** The file of a holder's lease, unless it was taken over. */
function ownLease(path: string, prefix: string): string | undefined {
  // On network file systems, a listing may lack a file that is renamed at the same time.
  for (let listings = 0; listings < 3; listings++) {
    const name = namesIn(path).find((name) => name.startsWith(prefix));
    if (name !== undefined) return name;
  }
  return undefined;
}

function namesIn(path: string): string[] {
  try {
    return readdirSync(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new ExperimentError('FILE', `'${path}' cannot be read: ${(cause as Error).message}`, { cause });
  }
}

function tokenOf(name: string): string {
  return parseLeaseName(name)?.holder.token ?? name;
}

function onlyIf<T>(codes: readonly string[], value: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (codes.includes(error.code ?? '')) return value;
    throw error;
  };
}

function describe(holder: Holder | undefined): string {
  if (!holder) return 'an unknown process is working on it';
  const { pid, host, since } = holder;
  return `process ${pid} on ${host} has been working on it since ${new Date(1000 * since).toISOString()}`;
}

function inUse(path: string, who: string, advice = ''): ExperimentError {
  return new ExperimentError(
    'RUN_FOLDER',
    `'${dirname(path)}' is in use: ${who}. Wait for it, or end it; then resume.${advice}`,
  );
}

function lost(path: string, name: string | undefined): ExperimentError {
  const now = name === undefined ? 'its lock is gone' : describe(parseLeaseName(name)?.holder);
  return new ExperimentError(
    'LOCK_LOST',
    `This process no longer holds '${dirname(path)}': ${now}. It was suspended, or could not reach the folder, for so ` +
      'long that another process could take over. It has written nothing since. Leave the run to the other process, or ' +
      'resume it later.',
  );
}
