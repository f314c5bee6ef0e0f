import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { githubSlug } from './github-slug';
import { packageNames, ROOT, siteLink } from './repository-pages';
import { withSiteLinks } from './rewrite-links';

describe('siteLink', () => {
  it.each([
    ['../packages/nn', 'docs/architecture.md', '/packages/nn'],
    ['../../packages/mapping#the-rules', 'docs/guides/x.md', '/packages/mapping#the-rules'],
    ['../CONTRIBUTING.md', 'docs/architecture.md', '/project/contributing'],
    ['docs/model.md#data', 'README.md', '/model.md#data'],
    ['../noise', 'packages/tagger/README.md', '/packages/noise'],
    ['https://a.org/b', 'README.md', 'https://a.org/b'],
    ['#here', 'README.md', '#here'],
  ])('%s in %s leads to %s', (link, file, expected) => {
    expect(siteLink(link, file)).toBe(expected);
  });

  it('is undefined for a file that is not a page', () => {
    expect(siteLink('examples', 'packages/taggerjs/README.md')).toBeUndefined();
  });

  it('refuses a link to nothing', () => {
    expect(() => siteLink('../nothing.md', 'docs/model.md')).toThrow();
  });
});

describe('withSiteLinks', () => {
  it('rewrites links, but not in code', () => {
    const text = 'See [`nn`](../nn) and [examples](examples).\n\n```ts\nconst x = a[0](../nn);\n```\n';
    expect(withSiteLinks(text, 'packages/taggerjs/README.md')).toBe(
      'See [`nn`](/packages/nn) and examples.\n\n```ts\nconst x = a[0](../nn);\n```\n',
    );
  });
});

describe('githubSlug', () => {
  it.each([
    ["The source's experiments", 'the-sources-experiments'],
    ['`bitflip({ probability = 0.2 })`', 'bitflip-probability--02-'],
    ['EXIT_CODES', 'exit_codes'],
    ['Use it: node, web', 'use-it-node-web'],
  ])('%s is #%s', (heading, slug) => {
    expect(githubSlug(heading)).toBe(slug);
  });
});

/** VitePress checks the site. This checks the files themselves, as GitHub shows them, places within pages included. */
describe('the documentation', () => {
  const inDocs = readdirSync(join(ROOT, 'docs'), { recursive: true })
    .map((file) => join('docs', String(file)))
    .filter((file) => file.endsWith('.md') && !file.includes('[') && file !== 'docs/index.md');
  const readmes = packageNames().map((name) => `packages/${name}/README.md`);
  const proseOf = (file: string) => readFileSync(join(ROOT, file), 'utf8').replace(/^```[\s\S]*?^```$/gm, '');
  const anchorsOf = (file: string) =>
    new Set([...proseOf(file).matchAll(/^#+ (.+)$/gm)].map(([, text]) => githubSlug(text!)));

  it.each(['README.md', 'CONTRIBUTING.md', ...inDocs, ...readmes])(
    '%s links to files and headings that exist',
    (file) => {
      const links = [...proseOf(file).matchAll(/\]\(([^()\s]+)\)/g)].map(([, link]) => link!);
      const broken = links.filter((link) => {
        const [path = '', anchor] = link.split('#');
        if (/^[a-z]+:/.test(link)) return false;
        const target = path === '' ? file : join(dirname(file), path);
        if (!existsSync(join(ROOT, target))) return true;
        const page = target.endsWith('.md') ? target : join(target, 'README.md');
        return anchor !== undefined && !anchorsOf(page).has(anchor);
      });
      expect(broken).toEqual([]);
    },
  );

  it('names only files and folders that exist in architecture.md', () => {
    const paths = [...proseOf('docs/architecture.md').matchAll(/`((?:packages|tools)\/[^`*]+)`/g)].map(
      ([, path]) => path!,
    );
    expect(paths.length).toBeGreaterThan(20);
    expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });
});
