import '@tensorflow/tfjs-backend-cpu';

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { ladder } from '@taggerjs/ladder';
import { readTree } from '@taggerjs/nn';
import * as tf from '@tensorflow/tfjs-core';

import { loadTagger as loadInNode } from '../node/load-tagger';
import { loadTagger, saveTagger } from './saved-tagger';
import type { Tagger } from '../model/tagger';
import { smallTagger } from '../testing/small-tagger';

const options = { registries: { mappings: { ladder } } };
let folder: string;
let path: string;
let server: Server;
let url: string;
let bytes: Uint8Array;
let tagger: Tagger;

beforeAll(async () => {
  await tf.setBackend('cpu');
  tagger = smallTagger({ seed: 3 });
  bytes = await saveTagger(tagger);
  folder = await mkdtemp(join(tmpdir(), 'tagger-source-'));
  path = join(folder, 'model.safetensors');
  await writeFile(path, bytes);
  server = createServer(({ url }, response) => {
    if (url === '/model.safetensors') response.end(bytes);
    else response.writeHead(404).end('not here');
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(async () => {
  tagger.dispose();
  server.close();
  await rm(folder, { recursive: true, force: true });
});

const values = async (tagger: Tagger) => readTree(tagger.parameters());

describe.each([
  ['loadTagger', loadTagger],
  ['loadTagger of the node entry', loadInNode],
])('%s', (_name, load) => {
  it.each([
    ['bytes', () => bytes],
    ['an ArrayBuffer', () => bytes.slice().buffer],
    ['a URL as a string', () => `${url}model.safetensors`],
    ['a URL', () => new URL(`${url}model.safetensors`)],
  ])('loads from %s', async (_, source) => {
    const loaded = await load(source(), options);
    expect(await values(loaded)).toEqual(await values(tagger));
    loaded.dispose();
  });

  it("reports the server's status", async () => {
    await expect(load(`${url}nowhere`, options)).rejects.toMatchObject({
      code: 'INVALID_FILE',
      message: expect.stringContaining('404'),
    });
  });

  it('refuses anything else', async () => {
    await expect(load(3 as never, options)).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    await expect(load(bytes, { registry: {} } as object)).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    await expect(load('http://127.0.0.1:1/', options)).rejects.toMatchObject({ code: 'INVALID_FILE' });
  });
});

describe('paths', () => {
  it.each([
    ['a path', () => path],
    ['a file URL', () => pathToFileURL(path)],
  ])('are loaded by the node entry: %s', async (_, source) => {
    const loaded = await loadInNode(source(), options);
    expect(await values(loaded)).toEqual(await values(tagger));
    loaded.dispose();
  });

  it('are refused by the entry for browsers', async () => {
    await expect(loadTagger(path, options)).rejects.toMatchObject({
      code: 'INVALID_FILE',
      message: expect.stringContaining('@taggerjs/tagger/node'),
    });
  });
});

describe("saveTagger with dtype 'float16'", () => {
  it('halves the file and keeps 11 significant bits', async () => {
    const half = await saveTagger(tagger, { dtype: 'float16' });
    expect(half.length).toBeLessThan(0.8 * bytes.length);
    const loaded = await loadTagger(half, options);
    const [before, after] = [await values(tagger), await values(loaded)];
    expect(Object.keys(after).sort()).toEqual(Object.keys(before).sort());
    for (const [name, { data }] of Object.entries(before)) {
      data.forEach((value, i) => {
        const error = Math.abs((after[name]?.data[i] as number) - value);
        expect(error).toBeLessThanOrEqual(Math.max(2 ** -11 * Math.abs(value), 2 ** -25));
      });
    }
    loaded.dispose();
  });

  it('refuses a parameter that would become infinite', async () => {
    const large = smallTagger();
    large.parameters()['b_h']!.assign(tf.fill([10], 70_000));
    await expect(saveTagger(large, { dtype: 'float16' })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    large.dispose();
  });
});
