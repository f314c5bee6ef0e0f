// Pictures of the playground for the documentation: `npm run playground:screenshots`, after `npm run docs:build`.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { openSite } from './open-site';
import { ROOT } from './repository-pages';

const out = process.argv[2] ?? join(ROOT, 'docs/public/screenshots');
mkdirSync(out, { recursive: true });

const DRAWING = '#shapes=s1.1-u12.6-d2.7&noise=0.1';

for (const [name, width, height, colorScheme] of [
  ['playground-desktop', 1280, 1360, 'light'],
  ['playground-desktop-dark', 1280, 1360, 'dark'],
  ['playground-phone', 390, 844, 'light'],
] as const) {
  const { page, origin, close } = await openSite({
    viewport: { width, height },
    colorScheme,
    reducedMotion: 'reduce',
    isolated: true,
    ...(width < 500 && { hasTouch: true, deviceScaleFactor: 2 }),
  });
  await page.goto(`${origin}/playground.html${DRAWING}`);
  await page.waitForSelector('.playground[data-ready=true]', { timeout: 120_000 });
  await page.waitForTimeout(500);
  writeFileSync(join(out, `${name}.png`), await page.screenshot({ fullPage: process.argv[3] === '--whole' }));
  await close();
}
