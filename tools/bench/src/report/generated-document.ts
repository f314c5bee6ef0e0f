import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import * as markdown from 'prettier/plugins/markdown';
import { format } from 'prettier/standalone';

/** The absolute path of a file or folder under `docs/`. */
export const docs = (path: string) => fileURLToPath(new URL(`../../../../docs/${path}`, import.meta.url));

/** Formats Markdown as the repository's files are, with aligned tables. */
export const formatMarkdown = (text: string): Promise<string> =>
  format(text, { parser: 'markdown', plugins: [markdown] });

/**
 * A document under `docs/` with its generated parts replaced, each between `<!-- generated: NAME -->` and
 * `<!-- end -->`. The rest is written by hand.
 */
export function withGenerated(path: string, parts: Readonly<Record<string, string>>): Promise<string> {
  const text = Object.entries(parts).reduce(
    (all, [name, part]) =>
      all.replace(
        new RegExp(`(<!-- generated: ${name} -->\n)[^]*?(<!-- end -->)`),
        (_, start: string, end: string) => `${start}\n${part}\n${end}`,
      ),
    readFileSync(docs(path), 'utf8'),
  );
  return formatMarkdown(text);
}

/** Writes a document. */
export function write(path: string, text: string): void {
  writeFileSync(docs(path), text);
  console.log(`Wrote docs/${path}`);
}
