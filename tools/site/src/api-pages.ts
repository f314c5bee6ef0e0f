// The pages of the API reference that build-api.mjs generated.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT } from './repository-pages';

/** An entry point's page. */
export interface ApiPage {
  /** The import path: `@taggerjs/tagger/node`. */
  readonly name: string;
  /** The page's name: `tagger-node`. */
  readonly page: string;
}

const folder = join(ROOT, 'tools/site/out-api');

/** All pages. @throws Error if the reference has not been generated yet */
export function apiPages(): ApiPage[] {
  const list = join(folder, 'pages.json');
  if (!existsSync(list)) {
    throw new Error('The API reference is missing. Run `npm run docs:build`, or only `node tools/site/build-api.mjs`.');
  }
  return JSON.parse(readFileSync(list, 'utf8'));
}

/** The Markdown of a page. */
export function apiMarkdown({ page }: ApiPage): string {
  return readFileSync(join(folder, `${page}.md`), 'utf8');
}
