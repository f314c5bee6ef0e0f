import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { machineName, makeStaging, putInPlace, removeRemains } from './staging';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'taggerjs-staging-'));
});
afterEach(() => rm(root, { recursive: true }));

/** A folder in the root with a file that says which one it is. */
async function make(name: string, content = name) {
  await mkdir(join(root, name));
  await writeFile(join(root, name, 'content'), content);
}
const contentOf = (name: string) => readFile(join(root, name, 'content'), 'utf8');
async function makeFinished(content: string) {
  const folder = await makeStaging(root);
  await writeFile(join(folder, 'content'), content);
  return folder;
}

const NOBODY = 999_999_999;
const DAY_MS = 86_400_000;

describe('putInPlace', () => {
  it('replaces an installation, or none', async () => {
    for (const content of ['first', 'second']) {
      await putInPlace(root, 'cpu', await makeFinished(content));
      expect([await readdir(root), await contentOf('cpu')]).toEqual([['cpu'], content]);
    }
  });

  it('keeps the installation if the new one is missing', async () => {
    await make('cpu');
    await expect(putInPlace(root, 'cpu', join(root, `.setup-1-${machineName()}-gone00`))).rejects.toThrow('ENOENT');
    expect([await readdir(root), await contentOf('cpu')]).toEqual([['cpu'], 'cpu']);
  });

  it('leaves one complete installation if setups finish at the same time, and fails for none', async () => {
    for (let round = 0; round < 20; round++) {
      const contents = ['a', 'b', 'c', 'd', 'e', 'f'];
      const finished = await Promise.all(contents.map(makeFinished));
      await Promise.all(finished.map((folder) => putInPlace(root, 'cpu', folder)));
      // The command removes its folder, moved or not.
      await Promise.all(finished.map((folder) => rm(folder, { recursive: true, force: true })));
      expect(await readdir(root)).toEqual(['cpu']);
      expect(contents).toContain(await contentOf('cpu'));
    }
  });
});

describe('the folder that a killed setup left', () => {
  const staging = (id: number, machine = `${machineName()}-`) => `.setup-${id}-${machine}abcdef`;

  it('is removed, unless the setup may still run, on this machine or another', async () => {
    const running = [staging(process.ppid), staging(NOBODY, 'another.host-'), staging(NOBODY, '')];
    const ended = [staging(NOBODY), `${staging(NOBODY)}.old`, `.replaced-cpu-${NOBODY}-${machineName()}-abcdef0`];
    for (const name of [...running, ...ended]) await make(name);
    await removeRemains(root);
    expect((await readdir(root)).sort()).toEqual(running.sort());
  });

  it('is removed from any machine if it is older than a day', async () => {
    await make(staging(process.ppid));
    await make(staging(NOBODY, 'another.host-'));
    await make('of-the-user');
    await removeRemains(root, Date.now() + DAY_MS - 60_000);
    expect(await readdir(root)).toHaveLength(3);
    await removeRemains(root, Date.now() + DAY_MS + 60_000);
    expect(await readdir(root)).toEqual(['of-the-user']);
  });
});
