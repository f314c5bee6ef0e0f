import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { makeFolder } from './make-folder';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'make-folder-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('makeFolder', () => {
  it('creates missing parents and keeps existing folders', async () => {
    const path = join(folder, 'a', 'b', 'c');
    await Promise.all([makeFolder(path), makeFolder(path), makeFolder(join(folder, 'a'))]);
    await makeFolder(path);
    expect((await stat(path)).isDirectory()).toBe(true);
  });

  it('refuses a path that is blocked by a file', async () => {
    await writeFile(join(folder, 'file'), '');
    for (const path of [join(folder, 'file'), join(folder, 'file', 'below')]) {
      await expect(makeFolder(path)).rejects.toMatchObject({
        code: 'FILE',
        message: expect.stringContaining(path),
      });
    }
  });

  // Root may write anywhere.
  (process.getuid?.() === 0 ? it.skip : it)('refuses a folder without write permission', async () => {
    await chmod(folder, 0o500);
    await expect(makeFolder(join(folder, 'a'))).rejects.toMatchObject({ code: 'FILE', cause: { code: 'EACCES' } });
  });

  (existsSync('/proc/self') ? it : it.skip)('returns from a file system that refuses new folders', async () => {
    await expect(makeFolder('/proc/x/pictures')).rejects.toMatchObject({ code: 'FILE', cause: { code: 'ENOENT' } });
  });
});
