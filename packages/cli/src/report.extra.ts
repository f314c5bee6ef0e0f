// Opens the report of a run in a browser, from disk and without a network. Part of `npm run test:all`.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { findChromium } from '@taggerjs-tools/browser';
import { renderPng } from '@taggerjs/viz/node';
import { decode } from 'fast-png';
import { chromium, type Browser, type ConsoleMessage, type Dialog, type Locator, type Page } from 'playwright-core';

import { runTagger } from './testing/command';
import { TINY } from './testing/kill-run';

let folder: string;
let browser: Browser;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagger-report-'));
  const trained = await runTagger(folder, ['train', 'shapes-quick', ...TINY, '--training.steps=20', '--out', 'run']);
  expect(trained).toMatchObject({ code: 0 });
  expect(await runTagger(folder, ['show', 'run', '--report', '--of', '40'])).toMatchObject({ code: 0 });
  browser = await chromium.launch({ executablePath: findChromium(), chromiumSandbox: process.getuid?.() !== 0 });
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

describe.each([
  ['a desktop', 'light', 1280],
  ['a telephone', 'dark', 390],
] as const)('the report on %s', (_, colorScheme, width) => {
  it('loads no external resources, shows every picture, and fits the screen', async () => {
    const context = await browser.newContext({ offline: true, colorScheme, viewport: { width, height: 800 } });
    const page = await context.newPage();
    const problems: string[] = [];
    page.on('console', (message) => problems.push(message.text()));
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('request', (request) => {
      if (!/^(file|data):/.test(request.url())) problems.push(request.url());
    });
    await page.goto(pathToFileURL(join(folder, 'run', 'report.html')).href);

    expect(await page.locator('h2').allTextContents()).toEqual(
      expect.arrayContaining(['Scores', 'Curves', 'Groups', 'Best, median, worst', 'Time', 'Configuration']),
    );
    const shown = await page.locator(`.on-${colorScheme} > svg`).all();
    expect(shown.length).toBeGreaterThan(5);
    for (const svg of shown) expect((await svg.boundingBox())!.width).toBeGreaterThan(100);
    const other = page.locator(colorScheme === 'light' ? '.on-dark' : '.on-light');
    for (const hidden of await other.all()) expect(await hidden.isVisible()).toBe(false);
    const images = page.locator(`.on-${colorScheme} image`);
    expect(await images.count()).toBeGreaterThan(50);
    // Wide figures scroll on their own; the page does not.
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    expect(problems).toEqual([]);
    await context.close();
  });
});

/** Clicks a link and returns the download. If there is none, fails with the messages of the page. */
async function saved(page: Page, figure: Locator, kind: 'SVG' | 'PNG'): Promise<{ name: string; bytes: Buffer }> {
  const said: string[] = [];
  const onDialog = (dialog: Dialog) => {
    said.push(dialog.message());
    void dialog.dismiss();
  };
  const onProblem = (problem: Error | ConsoleMessage) => said.push(String(problem));
  page.on('dialog', onDialog).on('pageerror', onProblem).on('console', onProblem);
  const link = figure.getByText(kind, { exact: true });
  const [download] = await Promise.all([page.waitForEvent('download'), link.click()]).catch(async (error: Error) => {
    throw new Error(`${await figure.getAttribute('data-name')}, ${kind}: ${said.join('; ')}`, { cause: error });
  });
  page.off('dialog', onDialog).off('pageerror', onProblem).off('console', onProblem);
  // Chromium silently drops downloads beyond ten per second.
  await page.waitForTimeout(250);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

/** The fraction of dark bytes in an image, without alpha. */
function darkShare(bytes: ArrayLike<number>): number {
  let dark = 0;
  for (let i = 0; i < bytes.length; i++) if (bytes[i]! < 128) dark++;
  return dark / bytes.length;
}

it('saves every figure as SVG and PNG on a white background', async () => {
  const context = await browser.newContext({ offline: true, colorScheme: 'dark', acceptDownloads: true });
  const page = await context.newPage();
  await page.goto(pathToFileURL(join(folder, 'run', 'report.html')).href);
  const figures = await page.locator('figure[data-name]').all();
  expect(figures.length).toBeGreaterThan(7);
  for (const figure of figures) {
    const name = `shapes-quick-${await figure.getAttribute('data-name')}`;
    const svg = await saved(page, figure, 'SVG');
    expect(svg.name).toBe(`${name}.svg`);
    const text = svg.bytes.toString('utf8');
    expect(text).toMatch(
      /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/,
    );
    const [, width, height] = /width="([^"]+)" height="([^"]+)"/.exec(text)!.map(Number);
    const png = await saved(page, figure, 'PNG');
    expect(png.name).toBe(`${name}.png`);
    // A PNG file starts with its size. The browser rounds the size of a picture to whole units.
    const size = [png.bytes.readUInt32BE(16), png.bytes.readUInt32BE(20)];
    expect(size).toEqual([3 * Math.round(width!), 3 * Math.round(height!)]);
    if (!/groups$|ami-spread$/.test(name)) continue;
    const picture = decode(png.bytes);
    expect([picture.width, picture.height]).toEqual(size);
    // White at the edge, and about as many dark pixels as Node draws with another font.
    expect([...picture.data.subarray(0, 4)]).toEqual([255, 255, 255, 255]);
    const rendered = decode(await renderPng(text, { width: picture.width }));
    expect(darkShare(rendered.data)).toBeGreaterThan(0.002);
    expect(Math.abs(darkShare(picture.data) / darkShare(rendered.data) - 1)).toBeLessThan(0.25);
  }
  await context.close();
}, 120_000);

it('has no links if scripts are disabled', async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(pathToFileURL(join(folder, 'run', 'report.html')).href);
  expect(await page.locator('figure[data-name]').count()).toBeGreaterThan(7);
  expect(await page.getByText('PNG', { exact: true }).count()).toBe(0);
  await context.close();
});
