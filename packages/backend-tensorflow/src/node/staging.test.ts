import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { machineName, makeStaging, putBack, putInPlace, removeRemains } from './staging';

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
  it('puts an installation where there is none, or in the place of another', async () => {
    for (const content of ['first', 'second']) {
      await putInPlace(root, 'cpu', await makeFinished(content));
      expect([await readdir(root), await contentOf('cpu')]).toEqual([['cpu'], content]);
    }
  });

  it('keeps the one that was there where there is nothing to put', async () => {
    await make('cpu');
    await expect(putInPlace(root, 'cpu', join(root, `.setup-1-${machineName()}-gone00`))).rejects.toThrow('ENOENT');
    expect([await readdir(root), await contentOf('cpu')]).toEqual([['cpu'], 'cpu']);
  });

  it('of setups that end at the same time leaves one whole, and fails for none', async () => {
    for (let round = 0; round < 20; round++) {
      const contents = ['a', 'b', 'c', 'd', 'e', 'f'];
      const finished = await Promise.all(contents.map(makeFinished));
      await Promise.all(finished.map((folder) => putInPlace(root, 'cpu', folder)));
      expect(await readdir(root)).toEqual(['cpu']);
      expect(contents).toContain(await contentOf('cpu'));
    }
  });
});

describe('what a killed setup left', () => {
  const replaced = (variant: string, id: number = NOBODY) => `.replaced-${variant}-${id}-${machineName()}-abcdef0`;
  const staging = (id: number, machine = `${machineName()}-`) => `.setup-${id}-${machine}abcdef`;

  it('is put back where it took an installation away and put none in its place', async () => {
    await make(replaced('cpu'), 'the one that worked');
    await make(replaced('cuda'), 'of before');
    await make('cuda', 'finished');
    await make(staging(NOBODY));
    await removeRemains(root);
    expect((await readdir(root)).sort()).toEqual(['cpu', 'cuda']);
    expect([await contentOf('cpu'), await contentOf('cuda')]).toEqual(['the one that worked', 'finished']);
  });

  it('is put back from under a setup that runs, which then puts its own there', async () => {
    await make(replaced('cpu', process.pid));
    const finished = await makeFinished('new');
    await putBack(root);
    expect(await contentOf('cpu')).toBe(replaced('cpu', process.pid));
    await putInPlace(root, 'cpu', finished);
    expect([await readdir(root), await contentOf('cpu')]).toEqual([['cpu'], 'new']);
  });

  it('is removed, but nothing of one that runs, on this machine or another', async () => {
    const running = [staging(process.ppid), staging(NOBODY, 'another.host-'), staging(NOBODY, '')];
    for (const name of [...running, staging(NOBODY)]) await make(name);
    await removeRemains(root);
    expect((await readdir(root)).sort()).toEqual(running.sort());
  });

  it('is removed wherever it comes from when it is older than a day', async () => {
    await make(staging(process.ppid));
    await make(staging(NOBODY, 'another.host-'));
    await make('of-the-user');
    await removeRemains(root, Date.now() + DAY_MS - 60_000);
    expect(await readdir(root)).toHaveLength(3);
    await removeRemains(root, Date.now() + DAY_MS + 60_000);
    expect(await readdir(root)).toEqual(['of-the-user']);
  });

  it('is nothing where there is no folder', () => putBack(join(root, 'nowhere')));
});
