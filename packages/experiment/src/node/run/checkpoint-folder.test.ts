import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { latestCheckpoint, saveCheckpoint, type RunCheckpoint } from './checkpoint-folder';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagger-checkpoints-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const NAME = 'step-000000005.safetensors';

describe('latestCheckpoint', () => {
  it('renames a damaged checkpoint and warns', async () => {
    await writeFile(join(folder, NAME), 'damaged');
    const checkpoints = latestCheckpoint(folder, { check: () => undefined });
    expect(await checkpoints.next()).toMatchObject({ value: { type: 'warning' } });
    await expect(checkpoints.next()).rejects.toMatchObject({ code: 'RUN_FOLDER' });
    expect(await readdir(folder)).toEqual([`${NAME}.damaged`]);
  });

  it('keeps a checkpoint that it cannot read, because it may be intact', async () => {
    await mkdir(join(folder, NAME));
    await expect(latestCheckpoint(folder, { check: () => undefined }).next()).rejects.toMatchObject({
      code: 'FILE',
      cause: { code: 'EISDIR' },
    });
    expect(await readdir(folder)).toEqual([NAME]);
  });
});

describe('saveCheckpoint', () => {
  const checkpoint = (step: number, best: number): RunCheckpoint => ({
    state: {
      ...{ step, seconds: step, skipped: 0, evaluated: null, seed: 1, batchSize: 10, examples: 100, labeled: null },
      ...{ parameters: {}, modelState: {}, optimizer: { step, moments: {} }, ema: null },
    },
    info: {
      ...{ version: '0.1.0', recipe: {}, records: step },
      backend: { name: 'cpu', description: 'plain JavaScript', threads: 1, kernels: [] },
      best: { metric: 'ami', step: best, value: 0.5 },
    },
  });

  const writer = { write: writeFile, remove: (path: string) => rm(path) };

  it('removes all but the newest and the best', async () => {
    for (const step of [1, 2, 3, 4]) await saveCheckpoint(folder, checkpoint(step, Math.min(step, 2)), 1, writer);
    expect((await readdir(folder)).sort()).toEqual(['step-000000002.safetensors', 'step-000000004.safetensors']);
  });
});
