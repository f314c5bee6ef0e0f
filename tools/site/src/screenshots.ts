// Takes screenshots of the playground for the documentation: `npm run playground:screenshots`, which builds the site first.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { DEFAULTS, FIRST_SAMPLE, MODEL_KINDS, sampleDrawing, settingsToHash } from '@taggerjs-tools/playground';

import { openSite } from './open-site';
import { ROOT } from './repository-pages';

const out = process.argv[2] ?? join(ROOT, 'docs/public/screenshots');
mkdirSync(out, { recursive: true });

/** The page's defaults, with some noise. */
const SHAPES = settingsToHash({ ...DEFAULTS, drawing: sampleDrawing(FIRST_SAMPLE), noise: 0.05 });
const TEXTURES = settingsToHash({
  ...DEFAULTS,
  model: 'textures',
  groups: MODEL_KINDS.textures.groups,
  drawing: sampleDrawing(FIRST_SAMPLE),
  sample: 3,
});

for (const [name, width, height, colorScheme, settings] of [
  ['playground-desktop', 1280, 1100, 'light', SHAPES],
  ['playground-phone', 390, 1400, 'dark', SHAPES],
  ['playground-textures', 1280, 1100, 'light', TEXTURES],
] as const) {
  const { page, origin, close } = await openSite({
    viewport: { width, height },
    colorScheme,
    reducedMotion: 'reduce',
    isolated: true,
    hasTouch: width < 500,
  });
  await page.goto(`${origin}/playground.html#${settings}`);
  await page.waitForSelector('.playground[data-ready=true]', { timeout: 120_000 });
  if (settings === TEXTURES) await page.getByTestId('texture').waitFor();
  // Hide the time: on a busy machine it would be misleading.
  await page.addStyleTag({ content: '[data-testid=status] { visibility: hidden }' });
  await page.waitForTimeout(500);
  writeFileSync(join(out, `${name}.png`), await page.screenshot({ fullPage: process.argv[3] === '--whole' }));
  await close();
}
