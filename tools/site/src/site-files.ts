import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT } from './repository-pages';

/** Where the site is built. */
const SITE = join(ROOT, 'tools/site/out-site');

/** The site once more, built for a path below its server's root: which, and where. The target `site-below` makes it. */
export const SITE_BELOW = { base: '/projects/taggerjs/', folder: join(ROOT, 'tools/site/out-site-below') };

/**
 * The built site as `serve` of tools/browser takes it: files by their path, pages with and without `.html`.
 *
 * @param options `base`: the path that the site was built for (`DOCS_BASE`), with a slash at both ends; `folder`: where it is
 * @throws Error where the site was not built
 */
export function siteFiles({ base = '/', folder = SITE } = {}): Record<string, string> {
  if (!existsSync(join(folder, 'index.html'))) {
    throw new Error('The site is not there: `npm run docs:build` makes it.');
  }
  const files: Record<string, string> = {};
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const path = base + file.slice(folder.length + 1).replaceAll('\\', '/');
    files[path] = file;
    if (path.endsWith('.html')) files[path.slice(0, -'.html'.length)] = file;
    if (path.endsWith('/index.html')) files[path.slice(0, -'index.html'.length)] = file;
  }
  return files;
}
