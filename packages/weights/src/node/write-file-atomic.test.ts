import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { writeFileAtomic } from './write-file-atomic';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atomic-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function* chunks(...texts: string[]) {
  for (const text of texts) {
    if (text === 'fail') throw new RangeError('planted');
    yield Buffer.from(text);
  }
}

describe('writeFileAtomic', () => {
  it.each([
    ['text', 'new'],
    ['bytes', Buffer.from('new')],
    ['chunks', chunks('ne', 'w')],
  ])('replaces a file by %s and leaves no temporary file', async (_, contents) => {
    const path = join(folder, 'file');
    await writeFile(path, 'old');
    await writeFileAtomic(path, contents);
    expect(await readFile(path, 'utf8')).toBe('new');
    expect(await readdir(folder)).toEqual(['file']);
  });

  it('keeps the old file if a chunk fails, and passes on the error', async () => {
    const path = join(folder, 'file');
    await writeFile(path, 'old');
    await expect(writeFileAtomic(path, chunks('n', 'fail'))).rejects.toThrow(RangeError);
    expect(await readFile(path, 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['file']);
  });

  it('calls beforeRename when the new contents are complete, and keeps the old file if it throws', async () => {
    const path = join(folder, 'file');
    await writeFile(path, 'old');
    const contents: string[] = [];
    const beforeRename = () => {
      for (const name of readdirSync(folder)) contents.push(readFileSync(join(folder, name), 'utf8'));
      throw new RangeError('planted');
    };
    await expect(writeFileAtomic(path, 'new', { beforeRename })).rejects.toThrow(RangeError);
    expect(contents.sort()).toEqual(['new', 'old']);
    expect(await readFile(path, 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['file']);
  });

  it.each(['taken', join('missing', 'file'), join('file', 'below')])(
    'refuses %s and leaves nothing behind',
    async (name) => {
      await mkdir(join(folder, 'taken'));
      await writeFile(join(folder, 'file'), '');
      await expect(writeFileAtomic(join(folder, name), 'new')).rejects.toMatchObject({
        code: 'FILE',
        cause: expect.objectContaining({ code: expect.any(String) }),
      });
      expect((await readdir(folder)).sort()).toEqual(['file', 'taken']);
    },
  );
});
