import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Run } from '../run';

/** Where the runs lie that the document tells of. */
export const RECORDED = fileURLToPath(new URL('../../../../docs/performance', import.meta.url));

/** The document. */
export const DOCUMENT = `${RECORDED}.md`;

/** The recorded runs, in the order of their files' names. */
export function recordedRuns(): Run[] {
  if (!existsSync(RECORDED)) return [];
  const files = readdirSync(RECORDED).filter((name) => name.endsWith('.json'));
  return files.sort().map((name) => JSON.parse(readFileSync(join(RECORDED, name), 'utf8')) as Run);
}
