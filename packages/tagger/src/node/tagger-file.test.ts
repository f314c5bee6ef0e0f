import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ladder } from '@taggerjs/ladder';
import { projected, type MappingComponent } from '@taggerjs/mapping';
import { readTree } from '@taggerjs/nn';
import { bitflip } from '@taggerjs/noise';
import { describeBackends, expectNoLeak } from '@taggerjs-tools/testing';

import { createTagger } from '../model/create-tagger';
import { saveTagger } from '../saving/saved-tagger';
import { smallTagger } from '../testing/small-tagger';
import { loadTaggerFile, saveTaggerFile } from './tagger-file';

const registries = { mappings: { ladder } };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagger-file-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** What a promise is rejected with. */
const failure = (promise: Promise<unknown>): Promise<Error> =>
  promise.then(
    () => Promise.reject(new Error('nothing failed')),
    (error: Error) => error,
  );

describeBackends('saveTaggerFile and loadTaggerFile', () => {
  it('keep a Tagger, and nothing else in the folder', async () => {
    await expectNoLeak(async () => {
      const tagger = smallTagger();
      const path = join(folder, 'model.safetensors');
      await saveTaggerFile(tagger, path, { metadata: { recipe: 'mine' } });
      expect(await readdir(folder)).toEqual(['model.safetensors']);
      expect(new Uint8Array(await readFile(path))).toEqual(
        new Uint8Array(await saveTagger(tagger, { metadata: { recipe: 'mine' } })),
      );
      const loaded = await loadTaggerFile(path, { registries });
      expect(loaded.config).toEqual(tagger.config);
      expect(await readTree(loaded.parameters())).toEqual(await readTree(tagger.parameters()));
      loaded.dispose();
      tagger.dispose();
    });
  });

  it('replace an older file', async () => {
    const path = join(folder, 'model.safetensors');
    const [older, newer] = [smallTagger({ seed: 1 }), smallTagger({ seed: 2 })];
    await saveTaggerFile(older, path);
    await saveTaggerFile(newer, path);
    const loaded = await loadTaggerFile(path, { registries });
    expect(await readTree(loaded.parameters())).toEqual(await readTree(newer.parameters()));
    expect(await readdir(folder)).toEqual(['model.safetensors']);
    for (const tagger of [older, newer, loaded]) tagger.dispose();
  });

  it('name a missing file', async () => {
    const path = join(folder, 'nowhere.safetensors');
    const error = await failure(loadTaggerFile(path));
    expect(error).toMatchObject({ code: 'INVALID_FILE', message: expect.stringContaining(path) });
    expect(error.cause).toHaveProperty('code', 'ENOENT');
  });

  it('name a path that cannot be written, and leave no temporary file', async () => {
    const tagger = smallTagger();
    await writeFile(join(folder, 'file'), 'kept');
    for (const [path, code] of [
      [join(folder, 'no', 'model.safetensors'), 'ENOENT'],
      [join(folder, 'file', 'model.safetensors'), 'ENOTDIR'],
    ] as const) {
      const error = await failure(saveTaggerFile(tagger, path));
      expect(error).toMatchObject({ code: 'INVALID_FILE', message: expect.stringContaining(path) });
      expect(error.cause).toHaveProperty('code', code);
    }
    expect(await readdir(folder)).toEqual(['file']);
    tagger.dispose();
  });

  it('leave no temporary file if renaming fails', async () => {
    const tagger = smallTagger();
    const path = join(folder, 'taken');
    // A folder that is not empty cannot be replaced by a file.
    await mkdir(join(path, 'inside'), { recursive: true });
    await expect(saveTaggerFile(tagger, path)).rejects.toMatchObject({ code: 'INVALID_FILE' });
    expect(await readdir(folder)).toEqual(['taken']);
    expect(await readdir(path)).toEqual(['inside']);
    tagger.dispose();
  });

  it('keep the older file if the new one cannot be written', async () => {
    const tagger = smallTagger();
    const path = join(folder, 'model.safetensors');
    await saveTaggerFile(tagger, path);
    const before = await readFile(path);
    tagger.parameters()['W_h']!.dispose();
    await expect(saveTaggerFile(tagger, path)).rejects.toThrow();
    expect((await readFile(path)).equals(before)).toBe(true);
    expect(await readdir(folder)).toEqual(['model.safetensors']);
    for (const [name, variable] of Object.entries(tagger.parameters())) if (name !== 'W_h') variable.dispose();
  });

  it('refuse a file of another kind', async () => {
    const path = join(folder, 'text.safetensors');
    await writeFile(path, 'This is not a model.');
    await expect(loadTaggerFile(path)).rejects.toMatchObject({ name: 'WeightsError' });
  });
});

describeBackends('a file that names a module', () => {
  /** A factory of mappings that learn nothing; its source has no dependencies. */
  const still = (options: object): MappingComponent => ({
    config: { type: 'still', ...options },
    create: () => ({
      apply: (hidden) => ({ output: hidden.clone() }),
      parameters: () => ({}),
      state: () => ({}),
      dispose: () => undefined,
    }),
  });

  const saved = async () => {
    const tagger = createTagger({
      inputShape: [3, 4],
      initialPrediction: 0.3,
      noise: bitflip(),
      core: projected(
        { hiddenSize: 10, mapping: { type: './own/mapping.cjs', speed: 0 } },
        { mappings: { './own/mapping.cjs': still } },
      ),
    });
    await saveTaggerFile(tagger, join(folder, 'model.safetensors'));
    tagger.dispose();
    await mkdir(join(folder, 'own'));
    await writeFile(join(folder, 'own', 'mapping.cjs'), `exports.default = ${still};`);
    return join(folder, 'model.safetensors');
  };

  it('is not run without trustModules', async () => {
    await expect(loadTaggerFile(await saved())).rejects.toMatchObject({ code: 'UNKNOWN_TYPE' });
  });

  it('is loaded from the folder of the file', async () => {
    const tagger = await loadTaggerFile(await saved(), { trustModules: true });
    expect(tagger.config.core['mapping']).toEqual({ type: './own/mapping.cjs', speed: 0 });
    tagger.dispose();
  });
});
