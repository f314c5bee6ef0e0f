// Files outside docs/ that are pages of the site.
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, posix, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository. */
export const ROOT = findRoot();

/** Pages by file, relative to the root: `packages/nn/README.md` is `/packages/nn`. */
export function repositoryPages(): ReadonlyMap<string, string> {
  return new Map([
    ...packageNames().map((name) => [`packages/${name}/README.md`, `/packages/${name}`] as const),
    ['README.md', '/project/readme'],
    ['CONTRIBUTING.md', '/project/contributing'],
    ['CHANGELOG.md', '/project/changelog'],
    ['CODE_OF_CONDUCT.md', '/project/code-of-conduct'],
    ['SECURITY.md', '/project/security'],
    ['LICENSE', '/project/license'],
    ['tools/bench/README.md', '/project/benchmarks'],
  ]);
}

/** The names of the packages' folders. */
export function packageNames(): string[] {
  return readdirSync(join(ROOT, 'packages')).filter((name) => existsSync(join(ROOT, 'packages', name, 'README.md')));
}

/**
 * Where a link in a file leads on the site. A link to a folder leads to its README.
 *
 * @param link the link, relative to the file
 * @param file the file that contains it, relative to the root
 * @returns an absolute path on the site; the link itself if it does not lead to a file; undefined if its target is not a page of
 *   the site, such as a folder of sources
 * @throws Error if the target does not exist
 */
export function siteLink(link: string, file: string): string | undefined {
  if (/^([a-z]+:|#|\/)/i.test(link)) return link;
  const [path = '', anchor] = link.split('#');
  const target = posix.normalize(posix.join(posix.dirname(file), decodeURIComponent(path))).replace(/\/$/, '');
  const hash = anchor === undefined ? '' : `#${anchor}`;
  // VitePress serves docs/public from the site's root.
  if (target.startsWith('docs/public/')) return `/${target.slice('docs/public/'.length)}`;
  if (target.startsWith('docs/')) return `/${target.slice('docs/'.length)}${hash}`;
  const pages = repositoryPages();
  const page = pages.get(target) ?? pages.get(posix.join(target, 'README.md'));
  if (page !== undefined) return page + hash;
  if (existsSync(join(ROOT, target))) return undefined;
  throw new Error(`${file}: the link ${link} is broken: ${target} does not exist.`);
}

/** The folder with the lock file. VitePress bundles this file into its configuration, so its own path does not help. */
function findRoot(): string {
  for (let at = dirname(fileURLToPath(import.meta.url)); ; at = dirname(at)) {
    if (existsSync(join(at, 'package-lock.json'))) return at;
    if (at === resolve(at, '..')) throw new Error('No package-lock.json in any folder above this file.');
  }
}
