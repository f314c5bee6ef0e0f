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
  it('makes those above it too, and leaves what is there', async () => {
    const path = join(folder, 'a', 'b', 'c');
    await Promise.all([makeFolder(path), makeFolder(path), makeFolder(join(folder, 'a'))]);
    await makeFolder(path);
    expect((await stat(path)).isDirectory()).toBe(true);
  });

  it('says that a file is in the way', async () => {
    await writeFile(join(folder, 'file'), '');
    for (const path of [join(folder, 'file'), join(folder, 'file', 'below')]) {
      await expect(makeFolder(path)).rejects.toMatchObject({
        code: 'WRITE_FAILED',
        message: expect.stringContaining(path),
      });
    }
  });

  // Root may write anywhere.
  (process.getuid?.() === 0 ? it.skip : it)('says that a folder may not be written into', async () => {
    await chmod(folder, 0o500);
    await expect(makeFolder(join(folder, 'a'))).rejects.toThrow(/cannot be made: EACCES/);
  });

  (existsSync('/proc/self') ? it : it.skip)('comes back from a file system that takes no folders', async () => {
    await expect(makeFolder('/proc/x/pictures')).rejects.toThrow(/'\/proc\/x\/pictures' cannot be made: ENOENT/);
  });
});
