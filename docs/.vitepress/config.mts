import { katex } from '@mdit/plugin-katex';
import { defineConfig } from 'vitepress';

import { githubSlug } from '../../tools/site/src/github-slug';
import { ISOLATION_HEADERS } from '../../tools/site/src/isolation-headers';
import { rewriteLinks } from '../../tools/site/src/rewrite-links';
import { apiSidebar, packagesSidebar } from '../../tools/site/src/sidebars';

/** The site's base path: `DOCS_BASE=/taggerjs/` for GitHub project pages. `DOCS_OUT` sets the output folder. */
const base = process.env['DOCS_BASE'] ?? '/';

export default defineConfig({
  title: 'taggerjs',
  description: 'The Tagger (Greff et al. 2016) in TypeScript: a network that learns to see objects without labels',
  lang: 'en',
  base,
  cleanUrls: false,
  outDir: process.env['DOCS_OUT'] ?? '../tools/site/out-site',
  cacheDir: '../tools/site/out-cache',
  metaChunk: true,
  head: [['link', { rel: 'icon', href: `${base}logo.svg`, type: 'image/svg+xml' }]],
  markdown: {
    anchor: { slugify: githubSlug },
    config(md) {
      md.use(katex);
      md.use(rewriteLinks);
    },
    languageAlias: { console: 'sh' },
  },
  vite: {
    // Resolve workspace packages to their sources.
    resolve: { conditions: ['@taggerjs/source', 'browser', 'module', 'import', 'default'] },
    server: { headers: ISOLATION_HEADERS, fs: { allow: ['..'] } },
    worker: { format: 'es' },
    // TensorFlow.js repeats its license in every module: keeps one copy per script.
    esbuild: { legalComments: 'eof' },
    assetsInclude: ['**/*.safetensors', '**/*.npz'],
    build: { target: 'es2022', chunkSizeWarningLimit: 1000 },
  },
  themeConfig: {
    logo: '/logo.svg',
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [
      { text: 'Playground', link: '/playground' },
      {
        text: 'Guide',
        link: '/quick-start',
        activeMatch:
          '^/(quick-start|concepts|model|guides|faq|clusters|architecture|texture-mnist|command-line|studies|contributing)',
      },
      { text: 'API', link: '/api/', activeMatch: '^/api' },
      { text: 'Packages', link: '/packages/taggerjs', activeMatch: '^/packages' },
      { text: 'Performance', link: '/performance', activeMatch: '^/(performance|backends)' },
    ],
    sidebar: {
      '/api/': apiSidebar(),
      '/packages/': packagesSidebar(),
      '/': [
        {
          text: 'Get started',
          items: [
            { text: 'What it is', link: '/' },
            { text: 'Playground', link: '/playground' },
            { text: 'Quick start', link: '/quick-start' },
            { text: 'Concepts', link: '/concepts' },
          ],
        },
        {
          text: 'Guides',
          items: [
            { text: 'Train on your own data', link: '/guides/your-data' },
            { text: 'Swap the mapping', link: '/guides/swap-the-mapping' },
            { text: 'Write a noise model', link: '/guides/noise-model' },
            { text: 'Choose a backend', link: '/guides/backend' },
            { text: 'Use it in a web page', link: '/guides/web-page' },
            { text: 'Reproduce the paper', link: '/guides/reproduce' },
            { text: 'Train on a cluster', link: '/clusters' },
            { text: 'Textured MNIST', link: '/texture-mnist' },
            { text: 'FAQ', link: '/faq' },
          ],
        },
        {
          text: 'Reference',
          items: [
            { text: 'The model', link: '/model' },
            { text: 'Architecture', link: '/architecture' },
            { text: 'API', link: '/api/' },
            { text: 'Packages', link: '/packages/taggerjs' },
            { text: 'The command line in detail', link: '/command-line' },
            { text: 'A session on the command line', link: '/cli-session' },
            { text: 'Performance', link: '/performance' },
            { text: 'Backends', link: '/backends' },
            { text: 'Changelog', link: '/project/changelog' },
          ],
        },
        {
          text: 'Contributing',
          items: [
            { text: 'Contributing', link: '/project/contributing' },
            { text: 'Testing', link: '/contributing/testing' },
            { text: 'The site', link: '/contributing/site' },
            { text: 'Releasing', link: '/contributing/releasing' },
            { text: 'Security', link: '/project/security' },
          ],
        },
        {
          text: 'Studies',
          items: [
            { text: 'Shapes: two small runs', link: '/studies/shapes' },
            { text: 'Shapes: which settings group', link: '/studies/shapes-settings' },
            { text: 'Shapes: beyond training', link: '/studies/generalization' },
            { text: 'Objects in color', link: '/studies/color' },
            { text: 'The Ladder with 100 labels', link: '/studies/ladder-mnist' },
            { text: 'Textured MNIST: what we tried', link: '/studies/texture-mnist' },
          ],
        },
      ],
    },
    footer: { message: 'MIT License. An independent implementation; the paper\u2019s authors had no part in it.' },
  },
});
