import { readlinkSync } from 'node:fs';
import { mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

import type { Variant } from './variant';

// The command builds an installation in a folder next to its place, `.setup-PID-MACHINE-RANDOM`, and renames it when it is
// complete. The installation that it replaces gets that name with `.old`; earlier versions named it `.replaced-VARIANT-...`.
const NAME = /^\.(?:setup|replaced-\w+)-(\d+)-(?:([\w.]+)-)?\w+(?:\.old)?$/;

/** Longer than any setup takes. */
const DAY_MS = 24 * 60 * 60 * 1000;

/** The scope of process ids: the host, and its container, which may have the host's name. */
export function machineName(): string {
  let namespace = '';
  try {
    namespace = readlinkSync('/proc/self/ns/pid');
  } catch {
    // A system without such namespaces.
  }
  return `${hostname()}.${namespace}`.replaceAll(/[^\w.]/g, '_');
}

/** Makes an empty folder for an installation, from which it can be renamed to its place. */
export function makeStaging(root: string): Promise<string> {
  return mkdtemp(join(root, `.setup-${process.pid}-${machineName()}-`));
}

/**
 * Moves a finished installation to its place, and removes the one that was there. Of setups that finish at the same time,
 * one stays.
 *
 * @param finished its folder, from `makeStaging`
 */
export async function putInPlace(root: string, variant: Variant, finished: string): Promise<void> {
  const target = join(root, variant);
  const old = `${finished}.old`;
  const replaces = await rename(target, old).then(
    () => true,
    (error: unknown) => {
      if (codeOf(error) !== 'ENOENT') throw error;
      return false;
    },
  );
  try {
    await rename(finished, target);
  } catch (error) {
    // Another setup was faster, and its installation is as good.
    if (!['ENOTEMPTY', 'EEXIST'].includes(codeOf(error))) {
      if (replaces) await rename(old, target);
      throw error;
    }
  }
  await rm(old, { recursive: true, force: true });
}

/**
 * Removes the folders that killed setups left: those of this machine's processes that ended, and any that are older than a day.
 *
 * @param now the time, in milliseconds
 */
export async function removeRemains(root: string, now: number = Date.now()): Promise<void> {
  for (const name of await readdir(root)) {
    const [, id, machine] = NAME.exec(name) ?? [];
    if (id === undefined) continue;
    const path = join(root, name);
    const ended = machine === machineName() && !isRunning(Number(id));
    // It may be another user's, and stays then.
    if (ended || (await isOld(path, now))) await rm(path, { recursive: true, force: true }).catch(() => {});
  }
}

/** Whether a folder did not change for a day; false if it is gone. */
async function isOld(path: string, now: number): Promise<boolean> {
  const { ctimeMs } = await stat(path).catch(() => ({ ctimeMs: now }));
  return now - ctimeMs > DAY_MS;
}

function isRunning(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

function codeOf(error: unknown): string {
  return String((error as { code?: unknown }).code);
}
