// Files of the repository outside of docs/ that are pages of the site, and where.
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, posix, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository. */
export const ROOT = findRoot();

/** Pages by the file they are, relative to the root: `packages/nn/README.md` is `/packages/nn`. */
export function repositoryPages(): ReadonlyMap<string, string> {
  return new Map([
    ...packageNames().map((name) => [`packages/${name}/README.md`, `/packages/${name}`] as const),
    ['README.md', '/project/readme'],
    ['CONTRIBUTING.md', '/project/contributing'],
    ['CHANGELOG.md', '/project/changelog'],
    ['LICENSE', '/project/license'],
    ['tools/bench/README.md', '/project/benchmarks'],
  ]);
}

/** The packages' folders, by name. */
export function packageNames(): string[] {
  return readdirSync(join(ROOT, 'packages')).filter((name) => existsSync(join(ROOT, 'packages', name, 'README.md')));
}

/**
 * Where a link of a file leads on the site. Links to folders are to their README.
 *
 * @param link as it stands in the file, relative to it
 * @param file the file it stands in, relative to the root
 * @returns a path on the site, from its root; the link itself where it is none to a file; undefined where what it leads to
 *   is no page, such as a folder of sources
 * @throws Error where it leads to nothing
 */
export function siteLink(link: string, file: string): string | undefined {
  if (/^([a-z]+:|#|\/)/i.test(link)) return link;
  const [path = '', anchor] = link.split('#');
  const target = posix.normalize(posix.join(posix.dirname(file), decodeURIComponent(path))).replace(/\/$/, '');
  const hash = anchor === undefined ? '' : `#${anchor}`;
  // What is in docs/public is at the site's root.
  if (target.startsWith('docs/public/')) return `/${target.slice('docs/public/'.length)}`;
  if (target.startsWith('docs/')) return `/${target.slice('docs/'.length)}${hash}`;
  const pages = repositoryPages();
  const page = pages.get(target) ?? pages.get(posix.join(target, 'README.md'));
  if (page !== undefined) return page + hash;
  if (existsSync(join(ROOT, target))) return undefined;
  throw new Error(`${file}: the link ${link} leads to ${target}, where there is nothing.`);
}

/** VitePress bundles its configuration, and with it this file: the root is where the lock file is. */
function findRoot(): string {
  for (let at = dirname(fileURLToPath(import.meta.url)); ; at = dirname(at)) {
    if (existsSync(join(at, 'package-lock.json'))) return at;
    if (at === resolve(at, '..')) throw new Error('No package-lock.json above this file.');
  }
}
