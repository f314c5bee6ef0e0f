import { readFileSync } from 'node:fs';

import { siteFiles } from './site-files';

/** Pages by their path, without `.html`. */
const pages = new Map(
  Object.entries(siteFiles())
    .filter(([path]) => path.endsWith('.html') && path !== '/404.html')
    .map(([path, file]) => [path, readFileSync(file, 'utf8')]),
);
const idsOf = (html: string) => new Set([...html.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => decode(id!)));
const ids = new Map([...pages].map(([path, html]) => [path, idsOf(html)]));

/** VitePress checks links to pages. This checks links to headings. */
describe('links to a heading', () => {
  it('lead to one', () => {
    let count = 0;
    const dead: string[] = [];
    for (const [path, html] of pages) {
      for (const [, href] of html.matchAll(/<a\s[^>]*?href="([^"]*#[^"]+)"/g)) {
        const url = new URL(decode(href!), `http://site${path}`);
        if (url.host !== 'site') continue;
        const target = url.pathname.endsWith('/')
          ? `${url.pathname}index.html`
          : url.pathname.replace(/(\.html)?$/, '.html');
        count++;
        if (target === '/playground.html' && url.hash.includes('=')) continue;
        if (!ids.get(target)?.has(decodeURIComponent(url.hash.slice(1)))) dead.push(`${path}: ${href}`);
      }
    }
    expect(count).toBeGreaterThan(1000);
    expect(dead).toEqual([]);
  });
});

describe('the pages', () => {
  it('render formulas', () => {
    expect(pages.get('/concepts.html')).toMatch(/class="katex"/);
    for (const [path, html] of pages) expect([path, /katex-error/.test(html)]).toEqual([path, false]);
  });

  it('include the API reference', () => {
    for (const name of ['taggerjs', 'tagger-node', 'mapping-testing', 'nn', 'backend-webgpu']) {
      expect([...pages.keys()]).toContain(`/api/${name}.html`);
    }
  });
});

function decode(text: string): string {
  return text.replaceAll('&amp;', '&').replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>');
}
