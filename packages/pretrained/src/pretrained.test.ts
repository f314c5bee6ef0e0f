import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { useWasm } from '@taggerjs/backend-wasm';
import { createModel, taggerConfigOf } from '@taggerjs/experiment';
import { openDataset } from '@taggerjs/experiment/node';
import { parseRecipe } from '@taggerjs/recipes';
import { segmentationScores } from '@taggerjs/metrics';
import { group } from '@taggerjs/tagger';
import { expectNoLeak } from '@taggerjs-tools/testing';
import * as z from 'zod';

import {
  loadPretrained,
  modelCard,
  modelCardText,
  pretrainedModels,
  pretrainedUrl,
  readPretrained,
  type ModelCard,
} from './index.node';

const folder = join(__dirname, 'models');
const cards = Object.entries(pretrainedModels);

describe.each(cards)('the model %s', (name, card) => {
  const file = fileURLToPath(pretrainedUrl(card.name));
  const recipe = parseRecipe(card.recipe);

  it('has a card that fits the schema', () => {
    const schema = z.fromJSONSchema(JSON.parse(readFileSync(join(folder, 'card.schema.json'), 'utf8')));
    const json = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'));
    expect(schema.safeParse(json).error?.issues).toBeUndefined();
    for (const wrong of [{ seed: null }, { commit: undefined }, { commit: 'main' }]) {
      expect(schema.safeParse({ ...json, ...wrong }).success).toBe(false);
    }
    expect(json.name).toBe(name);
    expect(json.evaluation.cost).toHaveLength(json.evaluation.ami.length);
  });

  it('has the size and the checksum of its card, and the card as text', () => {
    expect(statSync(file).size).toBe(card.bytes);
    expect(createHash('sha256').update(readFileSync(file)).digest('hex')).toBe(card.sha256);
    expect(readFileSync(join(folder, `${name}.md`), 'utf8')).toBe(modelCardText(card));
  });

  it('is the model of its recipe', async () => {
    await useWasm({ threads: 1 });
    const tagger = await loadPretrained(card.name);
    const dataset = await openDataset(recipe, 'validation');
    const { initialPrediction: _own, ...config } = tagger.config;
    const { initialPrediction: _other, ...expected } = await taggerConfigOf(recipe, dataset);
    expect(config).toMatchObject(expected);
    const described = await createModel(recipe, dataset);
    expect(described.parameterCount).toBe(card.parameters);
    described.dispose();
    tagger.dispose();
  });
});

it('ships no file that is not of a model', () => {
  const expected = cards.flatMap(([name]) => ['json', 'md', 'safetensors'].map((ending) => `${name}.${ending}`));
  expect(readdirSync(folder).sort()).toEqual(['card.schema.json', ...expected].sort());
});

describe('loadPretrained', () => {
  it('loads a Tagger that groups Shapes as well as its card says', async () => {
    await useWasm({ threads: 1 });
    const tagger = await loadPretrained('shapes');
    const dataset = await openDataset(parseRecipe(modelCard('shapes').recipe), 'test');
    const { inputs, segments } = await dataset.examples(Uint32Array.from({ length: 100 }, (_, i) => i));
    const { iterations } = await group(tagger, inputs, { iterations: 5, groups: 4, batchSize: 100, seed: 1 });
    const scores = segmentationScores(segments!, iterations.at(-1)!.segments, { size: 100 });
    const mean = scores.reduce((sum, ami) => sum + ami, 0) / scores.length;
    // The standard error of a hundred images is about 0.02.
    expect(Math.abs(mean - modelCard('shapes').evaluation.ami[4]!)).toBeLessThan(0.08);
    tagger.dispose();
  });

  it('leaks no tensors', async () => {
    await useWasm({ threads: 1 });
    await expectNoLeak(async () => (await loadPretrained('shapes')).dispose());
  });
});

describe('modelCard', () => {
  it.each([
    ['shape', /Did you mean 'shapes'\?/],
    ['imagenet', /shapes, texture-mnist-2/],
    ['toString', /shapes, texture-mnist-2/],
  ])('refuses %s', (name, message) => {
    expect(() => modelCard(name)).toThrow(expect.objectContaining({ code: 'UNKNOWN_MODEL' }));
    expect(() => modelCard(name)).toThrow(message);
  });
});

describe('readPretrained', () => {
  const shipped = readFileSync(fileURLToPath(pretrainedUrl('shapes')));
  let served: (path: string) => Uint8Array | undefined;
  let server: Server;
  let origin: string;
  beforeAll(async () => {
    server = createServer((request, response) => {
      const body = served(request.url ?? '');
      response.writeHead(body ? 200 : 404).end(body);
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => new Promise((done) => server.close(done)));

  it.each(['/models', '/models/'])('fetches the file from the base URL %s', async (base) => {
    served = (path) => (path === '/models/shapes.safetensors' ? shipped : undefined);
    const bytes = await readPretrained('shapes', { baseUrl: origin + base });
    expect(Buffer.compare(bytes, shipped)).toBe(0);
  });

  const changed = Uint8Array.from(shipped);
  changed[shipped.length - 7]! ^= 1;
  it.each([
    ['a file with one bit changed', changed],
    ['a file that is cut off', shipped.subarray(0, 1000)],
    ['a web page', Buffer.from('<!doctype html>')],
  ])('refuses %s', async (_, body) => {
    served = () => body;
    const reading = readPretrained('shapes', { baseUrl: origin });
    await expect(reading).rejects.toMatchObject({ name: 'PretrainedError', code: 'DAMAGED_FILE' });
  });

  it.each([
    ['a file that is not there', () => `${origin}/none`],
    ['a server that does not answer', () => 'http://127.0.0.1:1'],
    ['a base URL that is relative, in Node', () => 'models'],
  ])('reports %s', async (_, baseUrl) => {
    served = () => undefined;
    const reading = readPretrained('shapes', { baseUrl: baseUrl() });
    await expect(reading).rejects.toMatchObject({
      code: 'FETCH_FAILED',
      cause: expect.objectContaining({ message: expect.any(String) }),
    });
  });

  it('refuses an unknown name', async () => {
    const reading = readPretrained('shape' as ModelCard['name']);
    await expect(reading).rejects.toMatchObject({ code: 'UNKNOWN_MODEL' });
  });

  it('stops when it is aborted', async () => {
    const reason = new Error('enough');
    const reading = readPretrained('shapes', { baseUrl: origin, signal: AbortSignal.abort(reason) });
    await expect(reading).rejects.toBe(reason);
  });
});
