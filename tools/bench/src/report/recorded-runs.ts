import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Run } from '../run';

/** The folder of the recorded runs. */
export const RECORDED = fileURLToPath(new URL('../../../../docs/performance', import.meta.url));

/** The document. */
export const DOCUMENT = `${RECORDED}.md`;

/** The recorded runs, in the order of their file names. */
export function recordedRuns(): Run[] {
  if (!existsSync(RECORDED)) return [];
  const files = readdirSync(RECORDED).filter((name) => name.endsWith('.json'));
  return files.sort().map((name) => JSON.parse(readFileSync(join(RECORDED, name), 'utf8')) as Run);
}
