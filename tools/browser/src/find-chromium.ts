import { existsSync } from 'node:fs';

import places from './chromium-places.json';

/**
 * Returns the path of Chromium or Chrome: the environment variable CHROMIUM_PATH, otherwise the first usual path that exists.
 *
 * @throws Error if no browser is found
 */
export function findChromium(env: NodeJS.ProcessEnv = process.env, usual: readonly string[] = places): string {
  const named = env['CHROMIUM_PATH'];
  if (named !== undefined && named !== '') {
    if (existsSync(named)) return named;
    throw new Error(`CHROMIUM_PATH is ${named}, but this file does not exist.`);
  }
  const found = usual.find((place) => existsSync(place));
  if (found !== undefined) return found;
  throw new Error(
    `No browser found at ${usual.join(', ')}. Run \`npm run setup:browser\` to install Debian's chromium, or set the ` +
      'environment variable CHROMIUM_PATH.',
  );
}
