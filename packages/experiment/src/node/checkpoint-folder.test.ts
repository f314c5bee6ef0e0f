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
  it('puts a damaged checkpoint aside', async () => {
    await writeFile(join(folder, NAME), 'damaged');
    const warnings: string[] = [];
    await expect(latestCheckpoint(folder, (text) => warnings.push(text))).rejects.toMatchObject({ code: 'RUN_FOLDER' });
    expect(warnings).toHaveLength(1);
    expect(await readdir(folder)).toEqual([`${NAME}.damaged`]);
  });

  it('leaves one that the system does not let it read where it is: it may be whole', async () => {
    await mkdir(join(folder, NAME));
    await expect(latestCheckpoint(folder, () => undefined)).rejects.toMatchObject({
      code: 'FILE',
      message: expect.stringMatching(/step-000000005\.safetensors' cannot be read: EISDIR/),
    });
    expect(await readdir(folder)).toEqual([NAME]);
  });
});
