import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file system in memory that a test can fill. */
export interface SmallDisk {
  /** Its folder; undefined if this machine cannot mount one. */
  readonly path: string | undefined;
  /** For the title of the tests: why they are skipped; empty if they are not. */
  readonly skipped: string;
  /** Writes the file `name` until not a page is left. Remove it to make room. */
  fill(name?: string): void;
}

/**
 * Mounts a small file system until the tests of the file have ended. Mounting needs root.
 *
 * @param size as mount's option, such as `64k`
 */
export function smallDisk(size: string): SmallDisk {
  const path = mkdtempSync(join(tmpdir(), 'tagger-disk-'));
  const { status, error, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', path], {
    encoding: 'utf8',
  });
  if (status !== 0) {
    rmSync(path, { recursive: true });
    const reason = error?.message ?? stderr.trim();
    return { path: undefined, skipped: ` (skipped: cannot mount a tmpfs: ${reason})`, fill: () => undefined };
  }
  afterAll(() => {
    spawnSync('umount', [path]);
    rmSync(path, { recursive: true, force: true });
  });
  const fill = (name = 'filler') => void spawnSync('dd', ['if=/dev/zero', `of=${join(path, name)}`, 'bs=4k']);
  return { path, skipped: '', fill };
}
