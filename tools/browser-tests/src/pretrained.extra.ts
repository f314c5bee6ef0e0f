import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { useWasm } from '@taggerjs/backend-wasm';
import { shapes } from '@taggerjs/datasets';
import { loadPretrained, pretrainedUrl } from '@taggerjs/pretrained';
import { group } from '@taggerjs/tagger';
import { openPage, type BrowserPage } from '@taggerjs-tools/browser';
import { expectAllClose } from '@taggerjs-tools/testing';

import type * as program from './programs/pretrained-program';

const wasm = join(dirname(createRequire(__filename).resolve('@tensorflow/tfjs-backend-wasm/package.json')), 'wasm-out');

let folder: string;
let page: BrowserPage<typeof program>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagger-pretrained-'));
  const shipped = fileURLToPath(pretrainedUrl('shapes'));
  await copyFile(shipped, join(folder, 'shapes.safetensors'));
  await writeFile(join(folder, 'texture-mnist-2.safetensors'), (await readFile(shipped)).subarray(0, 5000));
  page = await openPage<typeof program>({
    entry: join(__dirname, 'programs/pretrained-program.ts'),
    // The second is where the bundle, at the root, looks by default.
    files: { '/wasm/': wasm, '/models/': folder, '/src/models/': dirname(shipped) },
    expectedErrors: /404/,
  });
}, 120_000);
afterAll(async () => {
  await page?.close();
  await rm(folder, { recursive: true, force: true });
});

describe('loadPretrained in a browser', () => {
  it.each([
    ['a relative base URL', 'models'],
    ['the folder of its module', undefined],
  ])('loads a model from %s, which groups the same as in Node', async (_, baseUrl) => {
    const { inputs } = await shapes({ split: 'test', size: 5 }).examples([0, 1, 2, 3, 4]);
    await useWasm({ threads: 1 });
    const tagger = await loadPretrained('shapes');
    const expected = (await group(tagger, inputs, { iterations: 5, seed: 3 })).iterations.at(-1)!.assignment;
    tagger.dispose();
    const { m, left } = await page.call('groupBy', 'shapes', inputs, baseUrl);
    expectAllClose(m, expected, { relative: 0, absolute: 1e-4 });
    expect(left).toBe(0);
  });

  it.each([
    ['shapes', '/nowhere/', 'FETCH_FAILED'],
    ['texture-mnist-2', '/models/', 'DAMAGED_FILE'],
    ['shape', '/models/', 'UNKNOWN_MODEL'],
  ])('refuses %s from %s with %s', async (name, baseUrl, code) => {
    expect(await page.call('refused', name, baseUrl)).toMatchObject({ name: 'PretrainedError', code });
  });
});
