import '@tensorflow/tfjs-backend-cpu';

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { shapes } from '@taggerjs/datasets';
import { ladder } from '@taggerjs/ladder';
import { projected } from '@taggerjs/mapping';
import { bitflip } from '@taggerjs/noise';
import { createTagger, group, saveTagger } from '@taggerjs/tagger';
import * as tf from '@tensorflow/tfjs-core';
import { openPage, type BrowserPage } from '@taggerjs-tools/browser';
import { expectAllClose } from '@taggerjs-tools/testing';

import type * as program from './programs/load-program';

const wasm = join(dirname(createRequire(__filename).resolve('@tensorflow/tfjs-backend-wasm/package.json')), 'wasm-out');

let folder: string;
let page: BrowserPage<typeof program>;
let inputs: Float32Array;
let m: Float32Array;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagger-load-'));
  await tf.setBackend('cpu');
  const tagger = createTagger({
    inputShape: [20, 20],
    noise: bitflip(),
    core: projected({ hiddenSize: 12, norm: 'layer', mapping: ladder({ sizes: [8, 4] }) }),
    initialPrediction: 0.26,
    seed: 5,
  });
  const bytes = await saveTagger(tagger);
  ({ inputs } = await shapes({ split: 'test', size: 5 }).examples([0, 1, 2, 3, 4]));
  m = (await group(tagger, inputs, { seed: 3 })).iterations.at(-1)!.assignment;
  tagger.dispose();
  await writeFile(join(folder, 'model.safetensors'), bytes);
  await writeFile(join(folder, 'cut.safetensors'), bytes.subarray(0, bytes.length - 100));
  await writeFile(join(folder, 'page.safetensors'), '<!doctype html><title>Not found</title>');
  page = await openPage<typeof program>({
    entry: join(__dirname, 'programs/load-program.ts'),
    files: { '/wasm/': wasm, '/models/': folder },
    expectedErrors: /404/,
  });
}, 120_000);
afterAll(async () => {
  await page?.close();
  await rm(folder, { recursive: true, force: true });
});

describe('loadTagger in a browser', () => {
  it('loads a model by URL, which groups the same as in Node', async () => {
    const loaded = await page.call('groupBy', 'models/model.safetensors', inputs);
    expect(loaded).toMatchObject({ inputShape: [20, 20], left: 0 });
    expectAllClose(loaded.m, m, { relative: 0, absolute: 1e-5 });
  });

  it.each([
    ['/models/nowhere.safetensors', 'INVALID_FILE', /nowhere\.safetensors.*404/],
    ['/models/cut.safetensors', expect.any(String), /end|length|size|bytes/i],
    ['/models/page.safetensors', expect.any(String), /safetensors/],
  ])('refuses %s, and leaves nothing behind', async (url, code, message) => {
    expect(await page.call('refused', url)).toMatchObject({ code, message: expect.stringMatching(message), left: 0 });
  });
});
