import { existsSync } from 'node:fs';

import places from './chromium-places.json';

/**
 * The path of a Chromium or Chrome: what the environment variable CHROMIUM_PATH says, or the first of the usual places
 * that exists.
 *
 * @throws Error that says how to get one
 */
export function findChromium(env: NodeJS.ProcessEnv = process.env, usual: readonly string[] = places): string {
  const named = env['CHROMIUM_PATH'];
  if (named !== undefined && named !== '') {
    if (existsSync(named)) return named;
    throw new Error(`CHROMIUM_PATH says that the browser is ${named}, but there is no such file.`);
  }
  const found = usual.find((place) => existsSync(place));
  if (found !== undefined) return found;
  throw new Error(
    `There is no browser at ${usual.join(', ')}. \`npm run setup:browser\` installs Debian's chromium; or say where ` +
      'there is one by the environment variable CHROMIUM_PATH.',
  );
}
