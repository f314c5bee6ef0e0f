import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

import { useWasm } from '@taggerjs/backend-wasm';
import { multiDsprites, shapes } from '@taggerjs/datasets';
import { ladder } from '@taggerjs/ladder';
import { projected } from '@taggerjs/mapping';
import { segmentationScores } from '@taggerjs/metrics';
import { gaussian } from '@taggerjs/noise';
import { pretrainedUrl } from '@taggerjs/pretrained';
import { createTagger, group, saveTagger, type Tagger } from '@taggerjs/tagger';
import { loadTaggerFile } from '@taggerjs/experiment/node';
import { train } from '@taggerjs/train';
import { decodeTextures, DEFAULTS, FIRST_SAMPLE, sampleDrawing, settingsToHash } from '@taggerjs-tools/playground';
import type { Page } from 'playwright-core';

import { openSite, type OpenSite } from './open-site';
import { ROOT } from './repository-pages';

jest.setTimeout(240_000);

const SHIPPED = fileURLToPath(pretrainedUrl('shapes'));
const TEXTURES = fileURLToPath(pretrainedUrl('texture-mnist-2'));

let site: OpenSite;
let page: Page;
const byId = (id: string) => page.getByTestId(id);

beforeEach(async () => {
  site = await openSite({ reducedMotion: 'reduce', viewport: { width: 1280, height: 1000 } });
  page = site.page;
});
afterEach(() => site?.close());

async function open(hash = ''): Promise<void> {
  // Changing only the hash would not reload the page.
  await page.goto('about:blank');
  await page.goto(`${site.origin}/playground.html${hash}`);
  await page.waitForSelector('.playground[data-ready=true]', { timeout: 120_000 });
}

/** The AMI by iteration that the page shows, starting at 0. */
async function shownAmi(): Promise<number[]> {
  const cells = page.locator('[data-ami]');
  return cells.evaluateAll((cells) => cells.map((cell) => Number((cell as HTMLElement).dataset['ami'])));
}

/** The image of textured digits that the page shows, as bytes. */
async function shownGreys(): Promise<number[]> {
  return byId('texture').evaluate((canvas: HTMLCanvasElement) => {
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, 28, 28);
    return Array.from({ length: 784 }, (_, n) => data[4 * n]!);
  });
}

/** The AMI by iteration of a test image of Shapes as computed in Node, starting at iteration 1. */
async function amiInNode(tagger: Tagger, index: number, iterations: number): Promise<number[]> {
  const { inputs, segments } = await shapes({ split: 'test' }).examples([index]);
  const grouping = await group(tagger, inputs, { iterations, groups: 4, seed: 0 });
  return grouping.iterations.map(({ segments: groups }) => segmentationScores(segments!, groups, { size: 1 })[0]!);
}

describe('the playground', () => {
  it('places three shapes, steps through the iterations and changes K', async () => {
    await open();
    await byId('clear').click();
    const grid = byId('grid');
    const box = (await grid.boundingBox())!;
    const click = (row: number, column: number) =>
      page.mouse.click(box.x + ((column + 0.5) / 20) * box.width, box.y + ((row + 0.5) / 20) * box.height);
    await click(4, 4);
    await page.getByRole('radio', { name: 'Triangle', exact: true }).check();
    await click(15, 12);
    await page.getByRole('radio', { name: 'Triangle, upside down' }).check();
    await click(5, 13);
    expect(await grid.getAttribute('aria-label')).toBe(
      'Drawing of 20 by 20 pixels: Square at row 2, column 2; Triangle at row 13, column 7; ' +
        'Upside-down triangle at row 3, column 8',
    );
    expect(page.url()).toContain('#shapes=s1.1-u12.6-d2.7');

    await byId('at').fill('0');
    await byId('step').click();
    await byId('step').click();
    expect(await byId('at').inputValue()).toBe('2');
    await expectText(page.getByRole('heading', { name: /groups after/ }), '4 groups after 2 iterations');

    await byId('groups').fill('6');
    await page.getByRole('heading', { name: '6 groups after 2 iterations' }).waitFor();
    expect(await page.getByRole('img', { name: /^assignment of group/ }).count()).toBe(6);
    expect(page.url()).toContain('groups=6');
  });

  it('shows assignments that sum to one', async () => {
    await open('#shapes=s1.1-u12.6-d2.7&groups=5');
    // A pixel's brightness in the group's color is its assignment, rounded to a byte.
    const sums = await page.getByRole('img', { name: /^assignment of group/ }).evaluateAll((canvases) => {
      const sums = new Float64Array(400);
      for (const canvas of canvases as HTMLCanvasElement[]) {
        const { data } = canvas.getContext('2d')!.getImageData(0, 0, 20, 20);
        const heading = document.querySelectorAll<HTMLElement>('.groups .swatch')[canvases.indexOf(canvas)]!;
        const color = getComputedStyle(heading).backgroundColor.match(/\d+/g)!.map(Number);
        const part = color.indexOf(Math.max(...color));
        sums.forEach((sum, n) => (sums[n] = sum + data[4 * n + part]! / color[part]!));
      }
      return [...sums];
    });
    expect(Math.max(...sums.map((sum) => Math.abs(sum - 1)))).toBeLessThan(0.015);
  });

  it('shows the same AMI of samples as Node', async () => {
    await useWasm({ threads: 1 });
    const tagger = await loadTaggerFile(SHIPPED);
    for (const [index, hash] of [
      [FIRST_SAMPLE, ''],
      [7, `#${settingsToHash({ ...DEFAULTS, drawing: sampleDrawing(7) })}`],
    ] as const) {
      const expected = await amiInNode(tagger, index, 5);
      await open(hash);
      const shown = await shownAmi();
      expect(shown).toHaveLength(6);
      expected.forEach((ami, i) => expect(Math.abs(shown[i + 1]! - ami)).toBeLessThan(1e-3));
    }
    tagger.dispose();
  });

  it('works with the keyboard alone', async () => {
    await open('#shapes=');
    await byId('grid').focus();
    await page.keyboard.press('2');
    for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Space');
    expect(page.url()).toContain('#shapes=u4.4');
    await page.keyboard.press('Shift+ArrowRight');
    expect(page.url()).toContain('#shapes=u4.5');
    await page.keyboard.press('Delete');
    expect(page.url()).toMatch(/#shapes=$/);
  });

  it('shows only the winning group of each pixel, by keyboard and by link', async () => {
    await open();
    /** The colors of the image of all groups, and those of the groups. */
    const colors = () =>
      byId('overlay').evaluate((canvas: HTMLCanvasElement) => {
        const { data } = canvas.getContext('2d')!.getImageData(0, 0, 20, 20);
        const shown = Array.from(
          { length: 400 },
          (_, n) => `rgb(${data[4 * n]}, ${data[4 * n + 1]}, ${data[4 * n + 2]})`,
        );
        const swatches = [...document.querySelectorAll<HTMLElement>('.legend .swatch')];
        return { shown, groups: swatches.map((swatch) => getComputedStyle(swatch).backgroundColor) };
      });
    const isGroup = ({ shown, groups }: Awaited<ReturnType<typeof colors>>) =>
      shown.filter((color) => groups.includes(color)).length;
    expect(isGroup(await colors())).toBeLessThan(400);
    await byId('view').focus();
    await page.keyboard.press('Space');
    await page.getByRole('img', { name: 'The winning group of each pixel after 5 iterations' }).waitFor();
    expect(isGroup(await colors())).toBe(400);
    expect(page.url()).toContain('view=winner');

    const { shown } = await colors();
    await open(new URL(page.url()).hash);
    expect(await byId('view').isChecked()).toBe(true);
    expect((await colors()).shown).toEqual(shown);
    await byId('view').press('Space');
    await page.getByRole('img', { name: /^All groups after/ }).waitFor();
    expect(page.url()).not.toContain('view=');
  });

  it('trains fifty steps, continues, stops, and loads the weights that it downloaded', async () => {
    await open();
    await byId('sizes').selectOption('100-50-25');
    await byId('steps').fill('50');
    await byId('train').click();
    await page.getByTestId('download').waitFor({ timeout: 120_000 });
    await expectText(byId('progress'), /Step 50 of 50/);
    await byId('continue').click();
    await byId('stop').click();
    await page.getByTestId('download').waitFor({ timeout: 120_000 });
    const [, step] = /Step (\d+) of 100/.exec((await byId('progress').innerText()).trim()) ?? [];
    expect(Number(step)).toBeGreaterThanOrEqual(50);

    const arrives = page.waitForEvent('download');
    await byId('download').click();
    const file = join(mkdtempSync(join(tmpdir(), 'playground-')), 'mine.safetensors');
    await (await arrives).saveAs(file);
    expect(readFileSync(file).length).toBeGreaterThan(100_000);

    await byId('load').setInputFiles(file);
    await expectText(byId('model-name'), 'mine.safetensors');
    const shown = await shownAmi();
    await useWasm({ threads: 1 });
    const tagger = await loadTaggerFile(file);
    const expected = await amiInNode(tagger, FIRST_SAMPLE, 5);
    expected.forEach((ami, i) => expect(Math.abs(shown[i + 1]! - ami)).toBeLessThan(1e-3));
    tagger.dispose();
  });

  it('reports an invalid file and keeps its weights', async () => {
    await open();
    const file = { name: 'wrong.safetensors', mimeType: 'application/octet-stream', buffer: Buffer.from('nothing') };
    await byId('load').setInputFiles(file);
    expect(await page.getByRole('alert').innerText()).toMatch(/safetensors|header/i);
    await byId('groups').fill('3');
    await page.getByRole('heading', { name: /^3 groups after/ }).waitFor();
  });

  it('fits a phone', async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    await open();
    const { scroll, client } = await page.evaluate(() => ({
      scroll: document.documentElement.scrollWidth,
      client: document.documentElement.clientWidth,
    }));
    expect(scroll).toBe(client);
    // The buttons stay round.
    for (const id of ['back', 'play', 'step']) {
      const { width, height } = (await byId(id).boundingBox())!;
      expect([id, width, height]).toEqual([id, 38, 38]);
    }
  });

  it('has a tab order that follows the reading order', async () => {
    await open();
    await page.getByRole('radio', { name: 'Square' }).focus();
    const order: string[] = [];
    for (let i = 0; i < 18; i++) {
      await page.keyboard.press('Tab');
      order.push(await page.evaluate(() => (document.activeElement as HTMLElement).dataset['testid'] ?? ''));
    }
    const named = order.filter((id) => id !== '');
    const reading = ['grid', 'sample', 'clear', 'back', 'play', 'at', 'view', 'noise', 'groups', 'iterations', 'seed'];
    expect(named).toEqual(reading);
  });

  it('shows the last iteration at once with reduced motion', async () => {
    await open();
    await byId('sample').click();
    expect(await byId('at').inputValue()).toBe('5');
    expect(await byId('play').getAttribute('aria-label')).toBe('Play');
  });

  it('names every control, and has one h1', async () => {
    await open();
    const unnamed = await page.locator('.playground :is(button, input, select)').evaluateAll((controls) =>
      (controls as HTMLInputElement[])
        .filter((control) => {
          const label = [...(control.labels ?? [])].map((label) => label.innerText.trim()).join('');
          return !(control.getAttribute('aria-label') || label || control.innerText.trim());
        })
        .map((control) => control.outerHTML),
    );
    expect(unnamed).toEqual([]);
    expect(await page.locator('h1').count()).toBe(1);
  });
});

describe('textured digits', () => {
  const images = () =>
    decodeTextures(new Uint8Array(readFileSync(join(ROOT, 'tools/playground/samples/textures.npz'))));
  const ready = (index: number) => page.getByRole('img', { name: `Image ${index + 1}: ` }).waitFor();

  it('are chosen, sampled, corrupted, and linked to', async () => {
    await open();
    await byId('model').selectOption('textures');
    await ready(0);
    expect(await byId('grid').count()).toBe(0);
    expect(await byId('clear').count()).toBe(0);
    // The default is the number of groups in training.
    await page.getByRole('heading', { name: '3 groups after 5 iterations' }).waitFor();
    expect(page.url()).toMatch(/#model=textures&sample=0$/);
    await byId('texture-number').fill('43');
    await byId('texture-number').blur();
    await ready(42);
    await byId('groups').fill('4');
    await page.getByRole('heading', { name: '4 groups after 5 iterations' }).waitFor();
    const clean = await shownGreys();
    expect(clean).toEqual(Array.from(images()[42]!.inputs, (grey) => Math.round(255 * grey)));
    await byId('noise').fill('0.5');
    // The page shows the noisy image.
    await page.waitForFunction((before) => {
      const canvas = document.querySelector<HTMLCanvasElement>('[data-testid=texture]')!;
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, 28, 28);
      return before.some((grey, n) => grey !== data[4 * n]);
    }, clean);
    const noisy = await shownGreys();
    expect(noisy.filter((grey, n) => grey !== clean[n]).length).toBeGreaterThan(500);
    expect(page.url()).toMatch(/#model=textures&sample=42&noise=0\.5&groups=4$/);

    // Back to the same shapes.
    await byId('model').selectOption('shapes');
    await page.getByRole('heading', { name: '4 groups after 5 iterations' }).waitFor();
    expect(await byId('grid').count()).toBe(1);
    expect(page.url()).toMatch(/#shapes=[^&]+&noise=0\.4$/);
  });

  it('have the same AMI and cost as in Node', async () => {
    await useWasm({ threads: 1 });
    const tagger = await loadTaggerFile(TEXTURES);
    for (const index of [0, 42]) {
      const { inputs, segments } = images()[index]!;
      const { iterations } = await group(tagger, inputs, { iterations: 5, groups: 3, seed: 0 });
      await open(`#model=textures&sample=${index}`);
      await ready(index);
      const shown = await shownAmi();
      expect(shown).toHaveLength(6);
      for (const [i, { segments: groups }] of iterations.entries()) {
        const ami = segmentationScores(segments!, groups, { size: 1 })[0]!;
        expect(Math.abs(shown[i + 1]! - ami)).toBeLessThan(1e-3);
      }
      expect(Math.abs(Number(await byId('cost').innerText()) - iterations.at(-1)!.cost)).toBeLessThan(1e-3);
    }
    tagger.dispose();
  });

  it('refuse weights of shapes and keep working', async () => {
    await open('#model=textures&sample=1');
    await byId('load').setInputFiles(SHIPPED);
    expect(await page.getByRole('alert').innerText()).toContain('Textured digits');
    await byId('groups').fill('2');
    await page.getByRole('heading', { name: /^2 groups after/ }).waitFor();
  });
});

describe('a model of color images from a file', () => {
  const SIDE = 16;
  const dataset = multiDsprites({ split: 'test', side: SIDE });
  /** A model that has learned for a few steps, so that its predictions have colors. */
  let tagger: Tagger;
  let file: { name: string; mimeType: string; buffer: Buffer };
  beforeAll(async () => {
    await useWasm({ threads: 1 });
    const training = multiDsprites({ split: 'train', side: SIDE, size: 200 });
    tagger = createTagger({
      inputShape: training.inputShape,
      groups: 3,
      noise: gaussian(),
      core: projected({ hiddenSize: 40, mapping: ladder({ sizes: [20] }) }),
      data: await training.statistics(),
      seed: 1,
    });
    for await (const event of train({ tagger, dataset: training, steps: 30, batchSize: 20, learningRate: 4e-3 }))
      expect(event.type).not.toBe('non-finite');
    file = {
      name: 'sprites.safetensors',
      mimeType: 'application/octet-stream',
      buffer: Buffer.from(await saveTagger(tagger)),
    };
  });
  afterAll(() => tagger.dispose());

  /** Red, green and blue of the pixels of an image on the page. */
  const shown = (image: ReturnType<Page['locator']>) =>
    image.evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      return [...data].filter((_, i) => i % 4 < 3);
    });
  const bytes = (values: Iterable<number>) => [...Uint8ClampedArray.from(values, (value) => 255 * value)];
  const differ = (actual: readonly number[], expected: readonly number[]) =>
    Math.max(...actual.map((value, i) => Math.abs(value - expected[i]!)));

  it('shows the input, the groups and the reconstruction in color, as computed in Node', async () => {
    await open();
    expect(await byId('model').locator('option').allInnerTexts()).toEqual(['Shapes', 'Textured digits']);
    await byId('load').setInputFiles(file);
    await expectText(byId('model-name'), 'sprites.safetensors');
    await page.getByRole('heading', { name: '3 groups after 5 iterations' }).waitFor();
    await byId('texture-number').fill('8');
    await byId('texture-number').blur();
    await page.getByRole('img', { name: 'Image 8: colored sprites' }).waitFor();
    await page.waitForFunction(() => document.querySelector('.playground')?.getAttribute('data-ready') === 'true');

    const { inputs, segments } = await dataset.examples([7]);
    const { iterations } = await group(tagger, inputs, { iterations: 5, groups: 3, seed: 0 });
    const { prediction, assignment } = iterations.at(-1)!;
    expect(await shown(byId('texture'))).toEqual(bytes(inputs));
    const ami = await shownAmi();
    iterations.forEach((iteration, i) =>
      expect(Math.abs(ami[i + 1]! - segmentationScores(segments!, iteration.segments, { size: 1 })[0]!)).toBeLessThan(
        1e-3,
      ),
    );

    const [N, P] = [inputs.length, segments!.length];
    const masked = [0, 1, 2].map((k) =>
      Float32Array.from({ length: N }, (_, i) => assignment[k * P + Math.floor(i / 3)]! * prediction[k * N + i]!),
    );
    const sum = masked[0]!.map((value, i) => value + masked[1]![i]! + masked[2]![i]!);
    const isColored = (values: readonly number[]) => values.some((value, i) => value !== values[i - (i % 3)]);
    const reconstruction = await shown(byId('reconstruction'));
    expect(differ(reconstruction, bytes(sum))).toBeLessThanOrEqual(1);
    expect(isColored(reconstruction)).toBe(true);
    for (const [k, values] of masked.entries()) {
      const name = { name: `group of group ${k + 1}`, exact: true };
      expect(differ(await shown(page.getByRole('img', name)), bytes(values))).toBeLessThanOrEqual(1);
      const own = bytes(prediction.subarray(k * N, (k + 1) * N));
      const of = { name: `prediction of group ${k + 1}`, exact: true };
      expect(differ(await shown(page.getByRole('img', of)), own)).toBeLessThanOrEqual(1);
    }

    await byId('view').press('Space');
    await page.getByRole('img', { name: /^The winning group/ }).waitFor();
    const swatches = await page
      .locator('.legend .swatch')
      .evaluateAll((all) => all.map((swatch) => getComputedStyle(swatch).backgroundColor.match(/\d+/g)!.map(Number)));
    expect(await shown(byId('overlay'))).toEqual(
      [...iterations.at(-1)!.segments].flatMap((winner) => swatches[winner]!),
    );
  });

  it('stays in the list of models, and gives way to the others', async () => {
    await open();
    await byId('load').setInputFiles(file);
    await page.getByRole('heading', { name: '3 groups after 5 iterations' }).waitFor();
    await byId('model').selectOption('shapes');
    await page.getByRole('heading', { name: '4 groups after 5 iterations' }).waitFor();
    expect(await byId('grid').count()).toBe(1);
    await byId('model').selectOption('color');
    await page.getByRole('img', { name: 'Image 1: colored sprites' }).waitFor();
    await expectText(byId('model-name'), 'sprites.safetensors');
    await byId('reconstruction').waitFor();
    // A link to it opens the first model, because the page does not have the file.
    const link = new URL(page.url()).hash;
    expect(link).toContain('model=color');
    await open(link);
    expect(await byId('grid').count()).toBe(1);
  });
});

it('loads less than 1 MB of scripts, and less than 1 MB compressed without the weights', async () => {
  const { page, origin, close } = await openSite({ reducedMotion: 'reduce' });
  const bodies: Promise<{ path: string; body: Buffer }>[] = [];
  page.context().on('response', (response) => {
    const path = new URL(response.url()).pathname;
    // VitePress prefetches other pages.
    if (!/\.md\./.test(path)) bodies.push(response.body().then((body) => ({ path, body })));
  });
  await page.goto(`${origin}/playground.html`);
  await page.waitForSelector('.playground[data-ready=true]', { timeout: 120_000 });
  const loaded = (await Promise.all(bodies)).filter(({ path }) => !path.endsWith('.safetensors'));
  const scripts = loaded.filter(({ path }) => path.endsWith('.js'));
  const sum = (sizes: readonly number[]) => sizes.reduce((sum, size) => sum + size, 0);
  expect(scripts.length).toBeGreaterThan(5);
  expect(sum(scripts.map(({ body }) => body.length))).toBeLessThan(1e6);
  expect(sum(loaded.map(({ body }) => gzipSync(body).length))).toBeLessThan(1e6);
  await close();
});

it('uses threads on an isolated page', async () => {
  const isolated = await openSite({ isolated: true, reducedMotion: 'reduce' });
  await isolated.page.goto(`${isolated.origin}/playground.html`);
  await isolated.page.waitForSelector('.playground[data-ready=true]', { timeout: 120_000 });
  expect(await isolated.page.getByTestId('status').innerText()).toMatch(/WebAssembly SIMD, [2-9]\d* threads/);
  await isolated.close();
});

async function expectText(locator: ReturnType<Page['locator']>, text: string | RegExp): Promise<void> {
  await locator.filter({ hasText: text }).waitFor({ timeout: 10_000 });
}
