// The site in a subfolder of its server, like GitHub's project pages: all its requests succeed.
import { readFileSync } from 'node:fs';

import { openSite, type OpenSite } from './open-site';
import { SITE_BELOW, siteFiles } from './site-files';

const { base } = SITE_BELOW;

let site: OpenSite | undefined;
// Throws if a request failed.
afterEach(() => site?.close());

it('the playground loads its workers, WebAssembly and weights from the subfolder, groups and trains', async () => {
  site = await openSite({ isolated: true, reducedMotion: 'reduce', site: SITE_BELOW });
  const { page, origin } = site;
  const answers: { readonly path: string; readonly status: number }[] = [];
  page.context().on('response', (response) => {
    if (response.url().startsWith('http')) {
      answers.push({ path: new URL(response.url()).pathname, status: response.status() });
    }
  });
  await page.goto(`${origin}${base}playground.html`);
  await page.waitForSelector('.playground[data-ready=true]', { timeout: 120_000 });
  expect(await page.getByTestId('status').innerText()).toMatch(/WebAssembly SIMD, [2-9]\d* threads/);
  await page.getByTestId('sizes').selectOption('100-50-25');
  await page.getByTestId('steps').fill('3');
  await page.getByTestId('train').click();
  await page.getByTestId('download').waitFor({ timeout: 120_000 });

  const elsewhere = answers.filter(({ path, status }) => !path.startsWith(base) || status !== 200);
  expect(elsewhere).toEqual([]);
  const paths = answers.map(({ path }) => path).join('\n');
  for (const kind of [/engine-worker[^/]*\.js$/m, /threaded-simd[^/]*\.wasm$/m, /\/shapes[^/]*\.safetensors$/m]) {
    expect(paths).toMatch(kind);
  }
}, 300_000);

it('search, navigation and the home page picture work', async () => {
  site = await openSite({ site: SITE_BELOW });
  const { page, origin } = site;
  await page.goto(`${origin}${base}`);
  const picture = page.locator('.VPHomeHero img.image-src');
  await picture.waitFor();
  expect(await picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(100);
  await page.getByRole('link', { name: 'Quick start' }).first().click();
  await page.getByRole('heading', { level: 1, name: 'Quick start' }).waitFor();
  expect(new URL(page.url()).pathname).toBe(`${base}quick-start.html`);
  await page.getByRole('button', { name: 'Search' }).first().click();
  await page.locator('.VPLocalSearchBox input').fill('assignment likelihood');
  await page.locator('.VPLocalSearchBox .result').first().waitFor({ timeout: 30_000 });
}, 120_000);

it('no page links to, or loads, anything outside the subfolder', () => {
  site = undefined;
  const files = siteFiles(SITE_BELOW);
  let count = 0;
  const wrong: string[] = [];
  for (const [path, file] of Object.entries(files)) {
    if (!path.endsWith('.html')) continue;
    for (const [, name, address] of readFileSync(file, 'utf8').matchAll(/\s(href|src)="(\/(?!\/)[^"#?]*)/g)) {
      count++;
      const target = decodeURIComponent(address!);
      if (files[target] === undefined && files[`${target}.html`] === undefined)
        wrong.push(`${path}: ${name} ${target}`);
    }
  }
  expect(count).toBeGreaterThan(1000);
  expect([...new Set(wrong)]).toEqual([]);
});
