import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { githubSlug } from './github-slug';
import { ROOT, siteLink } from './repository-pages';
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

  it('leads nowhere where there is a file that is no page', () => {
    expect(siteLink('examples', 'packages/taggerjs/README.md')).toBeUndefined();
  });

  it('says where there is nothing', () => {
    expect(() => siteLink('../nothing.md', 'docs/model.md')).toThrow(/docs\/model\.md.*\.\.\/nothing\.md/);
  });
});

describe('withSiteLinks', () => {
  it('changes links, and leaves code alone', () => {
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

/** On the site VitePress sees to it; where the files are read as they are, nothing else does. */
describe('docs/', () => {
  const files = readdirSync(join(ROOT, 'docs'), { recursive: true })
    .map((file) => join('docs', String(file)))
    .filter((file) => file.endsWith('.md') && !file.includes('[') && file !== 'docs/index.md');

  it.each(['README.md', ...files])('%s links to files that are there', (file) => {
    const text = readFileSync(join(ROOT, file), 'utf8').replace(/^```[\s\S]*?^```$/gm, '');
    const links = [...text.matchAll(/\]\(([^()\s]+)\)/g)].map(([, link]) => link!);
    const paths = links.filter((link) => !/^([a-z]+:|#)/.test(link)).map((link) => link.split('#')[0]!);
    expect(paths.filter((path) => !existsSync(join(ROOT, dirname(file), path)))).toEqual([]);
  });
});
