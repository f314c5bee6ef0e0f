import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { smallDisk } from '@taggerjs-tools/testing';
import { getRecipe } from '@taggerjs/recipes';

import { ExperimentError } from '../../errors';
import type { FolderLock } from '../lock/folder-lock';
import { createRunFolder, openRunFolder, type RunFolder } from './run-folder';
import { createRunWriter, type RunWriter } from './run-writer';

const recipe = getRecipe('shapes-quick');
const origin = { environment: {}, baseFolder: '.' };

let path: string;
let folder: RunFolder;
beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), 'tagger-writer-'));
  const created = await createRunFolder(recipe, path, origin);
  created.lock.release();
  ({ folder } = created);
});
afterEach(() => rm(path, { recursive: true, force: true }));

/** A lock that another process takes over immediately after its check number `at`, while this process is suspended. */
function lockLostAfter(at: number, takeOver: () => void = () => undefined): FolderLock {
  let checks = 0;
  return {
    check() {
      checks += 1;
      if (checks > at) throw new ExperimentError('LOCK_LOST', 'planted');
      if (checks === at) takeOver();
    },
    release: () => undefined,
  };
}

/** What `clean` of the process that resumes the run does first. */
function removeTemporaryFiles(): void {
  for (const name of readdirSync(path)) if (name.endsWith('.tmp')) rmSync(join(path, name));
}

const held: FolderLock = { check: () => undefined, release: () => undefined };

describe('a writer', () => {
  it('appends records, and keeps the first ones when the run resumes', async () => {
    const writer = createRunWriter(folder, held);
    for (const step of [1, 2, 3]) await writer.record({ step });
    await writer.flushMetrics();
    expect(writer.records).toBe(3);
    await writer.close();
    await writeFile(folder.metricsFile, '{"step":', { flag: 'a' });
    const next = createRunWriter(await openRunFolder(path), held);
    expect(await next.keepMetrics(2)).toBe(2);
    await next.record({ step: 30 });
    await next.close();
    expect(await folder.metrics()).toEqual([{ step: 1 }, { step: 2 }, { step: 30 }]);
  });

  it('removes temporary files and folders only', async () => {
    await writeFile(join(path, 'model.safetensors.x.tmp'), '');
    mkdirSync(join(path, 'lock.x.tmp'));
    const writer = createRunWriter(folder, held);
    await writer.clean();
    expect((await readdir(path)).sort()).toEqual(['config.json', 'pictures']);
  });
});

describe('a writer whose folder was taken over', () => {
  it.each<[string, (writer: RunWriter) => Promise<unknown>]>([
    ['record', (writer) => writer.record({ step: 2 })],
    ['write', (writer) => writer.write(folder.modelFile, 'x')],
    ['finish', (writer) => writer.finish({})],
    ['remove', (writer) => writer.remove(folder.metricsFile)],
    ['clean', (writer) => writer.clean()],
    ['keepMetrics', (writer) => writer.keepMetrics(0)],
  ])('throws in %s and leaves the run unchanged', async (_, change) => {
    await writeFile(folder.metricsFile, '{"step":1}\n');
    await writeFile(join(path, 'x.tmp'), '');
    const before = readdirSync(path);
    const writer = createRunWriter(folder, lockLostAfter(0));
    await expect(change(writer)).rejects.toMatchObject({ code: 'LOCK_LOST' });
    await writer.close();
    expect(readdirSync(path)).toEqual(before);
    expect(await readFile(folder.metricsFile, 'utf8')).toBe('{"step":1}\n');
  });

  it('does not reach the metrics of its successor, even if it was suspended between its check and its write', async () => {
    const writer = createRunWriter(
      folder,
      lockLostAfter(2, () => {
        writeFileSync(`${folder.metricsFile}.copy`, '{"step":100}\n');
        renameSync(`${folder.metricsFile}.copy`, folder.metricsFile);
      }),
    );
    await writer.record({ step: 1 });
    await writer.record({ step: 2 });
    await expect(writer.record({ step: 3 })).rejects.toMatchObject({ code: 'LOCK_LOST' });
    await writer.close();
    expect(await folder.metrics()).toEqual([{ step: 100 }]);
  });

  it('does not replace files, even if it was suspended between its check and its rename', async () => {
    await writeFile(folder.modelFile, 'theirs');
    const writer = createRunWriter(folder, lockLostAfter(2, removeTemporaryFiles));
    await expect(writer.write(folder.modelFile, 'ours')).rejects.toMatchObject({ code: 'LOCK_LOST' });
    await writer.close();
    expect(await readFile(folder.modelFile, 'utf8')).toBe('theirs');
  });

  it('does not remove temporary files of its successor', async () => {
    const writer = createRunWriter(
      folder,
      lockLostAfter(1, () => writeFileSync(join(path, 'model.safetensors.theirs.tmp'), '')),
    );
    await expect(writer.clean()).rejects.toMatchObject({ code: 'LOCK_LOST' });
    expect(await readdir(path)).toContain('model.safetensors.theirs.tmp');
  });
});

const disk = smallDisk('64k');
const onDisk = disk.path === undefined ? it.skip : it;

describe(`a full disk${disk.skipped}`, () => {
  /** Fills the file system up to the last page, and frees it again afterwards. */
  async function whenFull(work: () => Promise<void>): Promise<void> {
    disk.fill('filler');
    await work();
    rmSync(join(disk.path!, 'filler'));
  }
  const full = { code: 'FILE', cause: { code: 'ENOSPC' } };

  onDisk('ends a record and leaves no half line', async () => {
    const out = join(disk.path!, 'record');
    const { folder, lock } = await createRunFolder(recipe, out, origin);
    const writer = createRunWriter(folder, lock);
    await writer.record({ step: 1 });
    const { size } = statSync(folder.metricsFile);
    await whenFull(async () => {
      // Longer than the rest of the page, which takes the beginning of the line.
      await expect(writer.record({ step: 2, note: 'x'.repeat(5000) })).rejects.toMatchObject(full);
      expect(statSync(folder.metricsFile).size).toBe(size);
    });
    await writer.record({ step: 2 });
    await writer.close();
    expect(await folder.metrics()).toEqual([{ step: 1 }, { step: 2 }]);
  });

  onDisk('keeps the old file and leaves no temporary one', async () => {
    const { folder, lock } = await createRunFolder(recipe, join(disk.path!, 'write'), origin);
    const writer = createRunWriter(folder, lock);
    await writer.write(folder.modelFile, 'old');
    await whenFull(() =>
      expect(writer.write(folder.modelFile, 'x'.repeat(5000))).rejects.toMatchObject({ name: 'WeightsError', ...full }),
    );
    await writer.close();
    expect(await readFile(folder.modelFile, 'utf8')).toBe('old');
    expect((await readdir(folder.path)).sort()).toEqual(['config.json', 'model.safetensors', 'pictures']);
  });

  onDisk('refuses a new run, and the folder can be used once there is room', async () => {
    const out = join(disk.path!, 'new');
    await whenFull(async () => {
      await expect(createRunFolder(recipe, out, origin)).rejects.toMatchObject(full);
      expect(readdirSync(out).filter((name) => name !== 'pictures')).toEqual([]);
    });
    const { lock } = await createRunFolder(recipe, out, origin);
    lock.release();
  });
});
