import { existsSync, readlinkSync } from 'node:fs';
import { mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';

import { TaggerError } from '@taggerjs/nn';

import type { Variant } from './installation';

// An installation is made in a folder beside its place, `.setup-OWNER`, and renamed. One that was there is renamed before, to
// `.replaced-VARIANT-OWNER`. OWNER is the process: PID-MACHINE-RANDOM.
const NAME = /^\.(?:setup|replaced-(cpu|cuda))-(\d+)-(?:([\w.]+)-)?\w+$/;

/** Longer than any setup takes. */
const DAY_MS = 24 * 60 * 60 * 1000;

/** How often a setup tries to put its installation into a place that others put theirs into. */
const ATTEMPTS = 10;

/** What process numbers are unique in: the host, and in a container the container, which may share the host's name. */
export function machineName(): string {
  let namespace = '';
  try {
    namespace = readlinkSync('/proc/self/ns/pid');
  } catch {
    // A system without such namespaces.
  }
  return `${hostname()}.${namespace}`.replaceAll(/[^\w.]/g, '_');
}

/** Makes an empty folder to make an installation in, where it can be renamed to its place. */
export function makeStaging(root: string): Promise<string> {
  return mkdtemp(join(root, `.setup-${process.pid}-${machineName()}-`));
}

/**
 * Puts a finished installation in its place, and removes the one that was there. Where this is ended between the two renames,
 * `putBack` undoes the first. Of setups that end at the same time, the last one's installation stays.
 *
 * @param finished its folder, of `makeStaging`
 * @throws TaggerError `NO_BACKEND` where others put theirs there again and again
 */
export async function putInPlace(root: string, variant: Variant, finished: string): Promise<void> {
  const target = join(root, variant);
  const replaced: string[] = [];
  for (let attempt = 0; ; attempt++) {
    const old = join(root, `${basename(finished).replace('.setup', `.replaced-${variant}`)}${attempt}`);
    if (await renameIfThere(target, old)) replaced.push(old);
    try {
      await rename(finished, target);
      break;
    } catch (cause) {
      if (!isOccupied(cause)) {
        await putBack(root);
        throw cause;
      }
      if (attempt + 1 < ATTEMPTS) continue;
      throw new TaggerError(
        'NO_BACKEND',
        `Other setups put their TensorFlow into ${target} again and again. Run the command again when they have ended.`,
        { cause },
      );
    }
  }
  for (const old of replaced) await rm(old, { recursive: true, force: true });
}

/**
 * Puts installations back that were taken from their place by a setup which was ended before it put its own there. Does nothing
 * where that is not possible.
 */
export async function putBack(root: string): Promise<void> {
  for (const name of await readdir(root).catch(() => [])) {
    const variant = NAME.exec(name)?.[1];
    if (variant === undefined || existsSync(join(root, variant))) continue;
    // Of a setup that is still running too: it then takes it away once more.
    await rename(join(root, name), join(root, variant)).catch(() => {});
  }
}

/**
 * Puts back what setups took away that were killed, and removes what they left: folders of processes of this machine that are
 * not there any more, and those of others when they are older than a day.
 *
 * @param now the time, in milliseconds
 */
export async function removeRemains(root: string, now: number = Date.now()): Promise<void> {
  await putBack(root);
  for (const name of await readdir(root)) {
    const [, , id, machine] = NAME.exec(name) ?? [];
    if (id === undefined) continue;
    const path = join(root, name);
    const ended = machine === machineName() && !isRunning(Number(id));
    // What cannot be removed, being another user's, harms nobody.
    if (ended || (await isOld(path, now))) await rm(path, { recursive: true, force: true }).catch(() => {});
  }
}

/** Whether nothing was made or renamed in a folder for a day; false where it is gone. */
async function isOld(path: string, now: number): Promise<boolean> {
  const { ctimeMs } = await stat(path).catch(() => ({ ctimeMs: now }));
  return now - ctimeMs > DAY_MS;
}

function isRunning(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return (error as { code?: unknown }).code === 'EPERM';
  }
}

/** Whether it was there. */
async function renameIfThere(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') return false;
    throw error;
  }
}

function isOccupied(error: unknown): boolean {
  return ['ENOTEMPTY', 'EEXIST'].includes(String((error as { code?: unknown }).code));
}
