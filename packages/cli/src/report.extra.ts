// The report of a run in a browser, from disk and without a network: part of `npm run test:all`.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { findChromium } from '@taggerjs-tools/browser';
import { chromium, type Browser } from 'playwright-core';

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
  it('loads nothing, shows every picture, and fits', async () => {
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
    // Wide figures scroll by themselves; the page does not.
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    expect(problems).toEqual([]);
    await context.close();
  });
});
