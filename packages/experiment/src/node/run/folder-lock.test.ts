import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';

import { lockFolder } from './folder-lock';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagger-lock-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('lockFolder', () => {
  it('refuses a folder that is locked, until it is released', async () => {
    const lock = await lockFolder(folder);
    await expect(lockFolder(folder)).rejects.toMatchObject({ code: 'RUN_FOLDER' });
    lock.release();
    (await lockFolder(folder)).release();
    expect(await readdir(folder)).toEqual([]);
  });

  it('ignores the lock of a process that has ended', async () => {
    const child = execFile(process.execPath, ['-e', '']);
    await new Promise((resolve) => child.once('exit', resolve));
    const holder = { pid: child.pid, host: hostname(), began: null, since: new Date().toISOString(), token: 'ended' };
    await writeFile(join(folder, 'lock.json'), JSON.stringify(holder));
    (await lockFolder(folder)).release();
    expect(await readdir(folder)).toEqual([]);
  });
});
