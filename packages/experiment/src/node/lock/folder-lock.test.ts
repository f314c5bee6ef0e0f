import { execFile } from 'node:child_process';
import { renameSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { lockFolder, unseenHolder } from './folder-lock';
import { newHolder, type Holder } from './holder';
import { leaseName } from './lease-file';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagger-lock-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Adds the lease of a process on another machine. */
async function leaseElsewhere(lease: number): Promise<Holder> {
  const holder = { ...newHolder(lease), host: 'elsewhere', machine: '0123456789abcdef' };
  await mkdir(join(folder, 'lock'));
  await writeFile(join(folder, 'lock', leaseName({ holder, renewals: 0 })), '');
  return holder;
}

async function endedProcess(): Promise<number> {
  const child = execFile(process.execPath, ['-e', '']);
  await new Promise((resolve) => child.once('exit', resolve));
  return child.pid!;
}

describe('lockFolder', () => {
  it('refuses a folder that is locked, until it is released', async () => {
    const lock = await lockFolder(folder);
    await expect(lockFolder(folder)).rejects.toMatchObject({ code: 'RUN_FOLDER' });
    lock.check();
    lock.release();
    (await lockFolder(folder)).release();
    expect(await readdir(folder)).toEqual([]);
  });

  it('grants a folder to one of many', async () => {
    const locks = await Promise.allSettled(Array.from({ length: 20 }, () => lockFolder(folder)));
    const granted = locks.flatMap((lock) => (lock.status === 'fulfilled' ? [lock.value] : []));
    expect(granted).toHaveLength(1);
    granted[0]!.release();
    expect(await readdir(folder)).toEqual([]);
  });

  it('takes over at once if the process has ended', async () => {
    const holder = { ...newHolder(3_600_000), pid: await endedProcess() };
    await mkdir(join(folder, 'lock'));
    await writeFile(join(folder, 'lock', leaseName({ holder, renewals: 7 })), '');
    expect(await unseenHolder(folder)).toBeUndefined();
    (await lockFolder(folder)).release();
    expect(await readdir(folder)).toEqual([]);
  });

  it('takes over at once if the process id is in use again', async () => {
    const holder = { ...newHolder(3_600_000), start: '1' };
    await mkdir(join(folder, 'lock'));
    await writeFile(join(folder, 'lock', leaseName({ holder, renewals: 7 })), '');
    (await lockFolder(folder)).release();
    expect(await readdir(folder)).toEqual([]);
  });

  it('takes over from another machine once the lease has expired', async () => {
    await leaseElsewhere(300);
    expect(await unseenHolder(folder)).toContain('elsewhere');
    const begun = performance.now();
    const lock = await lockFolder(folder);
    expect(performance.now() - begun).toBeGreaterThanOrEqual(299);
    lock.check();
    lock.release();
    expect(await readdir(folder)).toEqual([]);
  });

  it('grants an expired lease to one of many', async () => {
    await leaseElsewhere(300);
    const locks = await Promise.allSettled(Array.from({ length: 20 }, () => lockFolder(folder)));
    const granted = locks.flatMap((lock) => (lock.status === 'fulfilled' ? [lock.value] : []));
    expect(granted).toHaveLength(1);
    granted[0]!.release();
  });

  it('acquires a folder whose holder was killed between the two steps of a release', async () => {
    await mkdir(join(folder, 'lock'));
    (await lockFolder(folder)).release();
    expect(await readdir(folder)).toEqual([]);
  });

  it('refuses a lease that another machine renews', async () => {
    const holder = await leaseElsewhere(3000);
    const locking = lockFolder(folder);
    const refused = expect(locking).rejects.toMatchObject({
      code: 'RUN_FOLDER',
      message: expect.stringContaining(`${process.pid} on elsewhere`),
    });
    await sleep(200);
    const [before, after] = [0, 1].map((renewals) => join(folder, 'lock', leaseName({ holder, renewals })));
    await rename(before!, after!);
    await refused;
    expect(await readdir(join(folder, 'lock'))).toEqual([leaseName({ holder, renewals: 1 })]);
  });

  it('acquires the folder as soon as another machine releases it', async () => {
    await leaseElsewhere(20_000);
    const begun = performance.now();
    const locking = lockFolder(folder);
    await sleep(100);
    await rm(join(folder, 'lock'), { recursive: true });
    (await locking).release();
    expect(performance.now() - begun).toBeLessThan(20_000);
  });

  it('renews its lease while the main thread computes', async () => {
    const lock = await lockFolder(folder, { lease: 600 });
    const renewals = async () => Number((await readdir(join(folder, 'lock')))[0]!.slice(-9));
    // The thread needs some time to start.
    while ((await renewals()) === 0) await sleep(10);
    const before = await renewals();
    for (const until = performance.now() + 500; performance.now() < until;);
    expect(await renewals()).toBeGreaterThan(before);
    lock.release();
    expect(await readdir(folder)).toEqual([]);
  });

  it('reports a lease that was taken over, and leaves it to its holder', async () => {
    const lock = await lockFolder(folder, { lease: 300 });
    const holder = { ...newHolder(3_600_000), host: 'elsewhere' };
    const theirs = leaseName({ holder, renewals: 0 });
    // The name changes with each renewal.
    for (const path = join(folder, 'lock'); (await readdir(path))[0] !== theirs;) {
      const [name] = await readdir(path);
      try {
        renameSync(join(path, name!), join(path, theirs));
      } catch {
        // renewed
      }
    }
    await sleep(150);
    expect(() => lock.check()).toThrow(expect.objectContaining({ code: 'LOCK_LOST' }));
    lock.release();
    expect(await readdir(join(folder, 'lock'))).toEqual([theirs]);
  });

  it('reports a lease that was removed', async () => {
    const lock = await lockFolder(folder);
    await rm(join(folder, 'lock'), { recursive: true });
    expect(() => lock.check()).toThrow(expect.objectContaining({ code: 'LOCK_LOST' }));
    lock.release();
  });

  it('refuses a folder that does not exist', async () => {
    await expect(lockFolder(join(folder, 'missing'))).rejects.toMatchObject({
      code: 'FILE',
      cause: { code: 'ENOENT' },
    });
  });
});

describe('lockFolder, for locks of version 0.1', () => {
  const former = { host: hostname(), began: null, since: '2020-01-01T00:00:00.000Z', token: 'x' };
  const write = (lock: unknown) =>
    writeFile(join(folder, 'lock.json'), typeof lock === 'string' ? lock : JSON.stringify(lock));

  it('replaces that of a process that has ended', async () => {
    await write({ ...former, pid: await endedProcess() });
    (await lockFolder(folder)).release();
    expect(await readdir(folder)).toEqual([]);
  });

  it.each(['', '{', 'null'])('replaces an unreadable one: %j', async (text) => {
    await write(text);
    (await lockFolder(folder)).release();
    expect(await readdir(folder)).toEqual([]);
  });

  it('replaces that of a process before the last boot', async () => {
    await write({ ...former, pid: process.pid, began: '1 another-boot' });
    (await lockFolder(folder)).release();
    expect(await readdir(folder)).toEqual([]);
  });

  it.each([
    ['a running process', { ...former, pid: process.pid }],
    ['a process on another host, which cannot be seen', { ...former, pid: 1, host: 'elsewhere' }],
  ])('respects that of %s', async (_, lock) => {
    await write(lock);
    await expect(lockFolder(folder)).rejects.toMatchObject({ code: 'RUN_FOLDER' });
    expect(await readdir(folder)).toEqual(['lock.json']);
  });
});
