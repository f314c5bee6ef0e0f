import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { latestCheckpoint } from './checkpoint-folder';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagger-checkpoints-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const NAME = 'step-000000005.safetensors';

describe('latestCheckpoint', () => {
  it('renames a damaged checkpoint and warns', async () => {
    await writeFile(join(folder, NAME), 'damaged');
    const checkpoints = latestCheckpoint(folder);
    expect(await checkpoints.next()).toMatchObject({ value: { type: 'warning' } });
    await expect(checkpoints.next()).rejects.toMatchObject({ code: 'RUN_FOLDER' });
    expect(await readdir(folder)).toEqual([`${NAME}.damaged`]);
  });

  it('keeps a checkpoint that it cannot read, because it may be intact', async () => {
    await mkdir(join(folder, NAME));
    await expect(latestCheckpoint(folder).next()).rejects.toMatchObject({ code: 'FILE', cause: { code: 'EISDIR' } });
    expect(await readdir(folder)).toEqual([NAME]);
  });
});
