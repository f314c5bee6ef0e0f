// Generates the API reference from docstrings: a Markdown page in out-api/ for every entry point of every package, and their list,
// out-api/pages.json. Any TypeDoc warning fails: a public name without a docstring, a broken link, an unknown parameter.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';

import { Application } from 'typedoc';

const here = import.meta.dirname;
const root = join(here, '../..');
const out = join(here, 'out-api');

/** Entry points by source file. The umbrella is last, because a name belongs to the first entry point that exports it. */
const folders = readdirSync(join(root, 'packages')).filter((folder) => folder !== 'taggerjs');
const entries = new Map(
  [...folders, 'taggerjs'].flatMap((folder) => {
    const { name, exports } = JSON.parse(readFileSync(join(root, 'packages', folder, 'package.json'), 'utf8'));
    return Object.entries(exports)
      .filter(([path]) => path !== './package.json')
      .map(([path, { '@taggerjs/source': sources }]) => {
        const file = typeof sources === 'string' ? sources : (sources.browser ?? sources.default);
        return [join(root, 'packages', folder, file), name + path.slice(1)];
      });
  }),
);

rmSync(out, { recursive: true, force: true });
const app = await Application.bootstrapWithPlugins({
  plugin: ['typedoc-plugin-markdown'],
  entryPoints: [...entries.keys()],
  tsconfig: join(here, 'tsconfig.api.json'),
  readme: 'none',
  name: 'API',
  excludeInternal: true,
  excludePrivate: true,
  excludeExternals: true,
  disableSources: true,
  sort: ['source-order'],
  validation: { notExported: false, invalidLink: true, notDocumented: true },
  treatValidationWarningsAsErrors: true,
  packagesRequiringDocumentation: [...new Set([...entries.values()].map((name) => /^(@[^/]+\/)?[^/]+/.exec(name)[0]))],
  // Markdown
  out,
  outputFileStrategy: 'modules',
  flattenOutputFiles: true,
  hideBreadcrumbs: true,
  hidePageHeader: true,
  hideGroupHeadings: false,
  useCodeBlocks: true,
  expandObjects: true,
  parametersFormat: 'table',
  interfacePropertiesFormat: 'table',
  typeDeclarationFormat: 'table',
  sanitizeComments: true,
  entryFileName: 'index',
});
const project = await app.convert();
if (project === undefined) process.exit(1);
// TypeDoc names a module after its file: `mapping/src/testing` is `packages/mapping/src/testing.ts`.
const names = new Map(
  [...entries].map(([file, name]) => [relative(join(root, 'packages'), file).replace(/(\/index)?\.ts$/, ''), name]),
);
for (const module of project.children ?? []) {
  const name = names.get(module.name);
  if (name === undefined) throw new Error(`TypeDoc reports the module ${module.name}, which is not an entry point.`);
  module.name = name;
}
// Properties of inline types need no docstring. Each package's `check` covers the others too.
const warn = app.logger.validationWarning.bind(app.logger);
app.logger.validationWarning = (message, ...rest) => {
  if (!/\.__type\.|\.name \(Property\)/.test(message)) warn(message, ...rest);
};
app.validate(project);
failOnWarnings();
mkdirSync(out, { recursive: true });
await app.outputs.writeOutput({ name: 'markdown', path: out }, project);
failOnWarnings();

// Short page names for URLs: `@taggerjs.tagger.node.md` becomes `tagger-node.md`.
const pages = [...entries.values()].sort().map((name) => ({
  name,
  file: `${name.replaceAll('/', '.')}.md`,
  page: name.replace('@taggerjs/', '').replaceAll('/', '-'),
}));
const texts = new Map(
  [...pages, { file: 'index.md', page: 'index' }].map(({ file, page }) => {
    let text = readFileSync(join(out, file), 'utf8');
    for (const other of pages) text = text.replaceAll(`](${other.file}`, `](${other.page}.md`);
    rmSync(join(out, file));
    return [page, text];
  }),
);
// Names that differ only in case, such as a class and its factory function, share an anchor, and the plugin numbers them in another
// order than the page does. Their links lead to the first.
const anchors = new Map([...texts].map(([page, text]) => [page, anchorsOf(text)]));
for (const [page, text] of texts) {
  const fixed = text.replace(/\]\(([\w-]+)?(\.md)?#([^)]+)-\d+\)/g, (link, other, md, name) => {
    const target = anchors.get(other ?? page);
    return target.has(link.slice(link.indexOf('#') + 1, -1)) ? link : `](${other ?? ''}${md ?? ''}#${name})`;
  });
  writeFileSync(join(out, `${page}.md`), fixed);
}
writeFileSync(
  join(out, 'pages.json'),
  JSON.stringify(
    pages.map(({ name, page }) => ({ name, page })),
    null,
    2,
  ),
);

/** Exits with an error if TypeDoc reported errors or warnings. */
function failOnWarnings() {
  if (!app.logger.hasErrors() && !app.logger.hasWarnings()) return;
  console.error('build-api: fix the warnings and errors above.');
  process.exit(1);
}

/** The anchors of a page's headings, by GitHub's rules. */
function anchorsOf(text) {
  const taken = new Set();
  for (const [, heading] of text.matchAll(/^#+ (.+)$/gm)) {
    const slug = heading
      .toLowerCase()
      .replaceAll('\\', '')
      .replace(/[^\p{L}\p{N}\p{Pc}\- ]/gu, '')
      .replaceAll(' ', '-');
    let unique = slug;
    for (let i = 1; taken.has(unique); i++) unique = `${slug}-${i}`;
    taken.add(unique);
  }
  return taken;
}
