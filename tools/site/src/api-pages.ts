// The pages of the API reference, made of the entry points of all packages by build-api.mjs.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT } from './repository-pages';

/** An entry point's page. */
export interface ApiPage {
  /** What is imported: `@taggerjs/tagger/node`. */
  readonly name: string;
  /** The page's name: `tagger-node`. */
  readonly page: string;
}

const folder = join(ROOT, 'tools/site/out-api');

/** All pages. @throws Error where the reference was not made yet */
export function apiPages(): ApiPage[] {
  const list = join(folder, 'pages.json');
  if (!existsSync(list)) {
    throw new Error(
      'The API reference is not there: `node tools/site/build-api.mjs` makes it; `npm run docs:build` does all.',
    );
  }
  return JSON.parse(readFileSync(list, 'utf8'));
}

/** The Markdown of a page. */
export function apiMarkdown({ page }: ApiPage): string {
  return readFileSync(join(folder, `${page}.md`), 'utf8');
}
