import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT } from './repository-pages';

/** Folder of the built site. */
const SITE = join(ROOT, 'tools/site/out-site');

/** The same site built for a subfolder of its server, by the Nx target `site-below`: its path and its folder. */
export const SITE_BELOW = { base: '/projects/taggerjs/', folder: join(ROOT, 'tools/site/out-site-below') };

/**
 * The built site for `serve` of tools/browser: files by URL path, pages with and without `.html`.
 *
 * @param options `base`: the path that the site was built for (`DOCS_BASE`), with a slash at both ends; `folder`: its folder
 * @throws Error if the site has not been built
 */
export function siteFiles({ base = '/', folder = SITE } = {}): Record<string, string> {
  if (!existsSync(join(folder, 'index.html'))) {
    throw new Error('The site has not been built. Run `npm run docs:build`.');
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
