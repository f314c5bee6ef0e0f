import { escapeXml } from '@taggerjs/viz';

/** A figure on a light ground and on a dark one; the page shows the one that suits. */
export interface ThemedFigure {
  readonly light: string;
  readonly dark: string;
}

/** Draws a figure on both grounds. */
export function onBothGrounds(draw: (theme: 'light' | 'dark') => string): ThemedFigure {
  return { light: draw('light'), dark: draw('dark') };
}

/** A figure with what it shows, in words, for those who cannot see it. */
export function figure({ light, dark }: ThemedFigure, description: string): string {
  return (
    `<figure class="wide" role="img" aria-label="${escapeXml(description)}">` +
    `<div class="on-light">${withoutProlog(light)}</div><div class="on-dark">${withoutProlog(dark)}</div></figure>`
  );
}

/** A table whose first column are headings. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const headings = head.map((text) => `<th scope="col">${escapeXml(text)}</th>`).join('');
  const body = rows.map(
    ([first = '', ...cells]) =>
      `<tr><th scope="row">${escapeXml(first)}</th>${cells.map((text) => `<td>${escapeXml(text)}</td>`).join('')}</tr>`,
  );
  return (
    `<div class="wide"><table>${head.length > 0 ? `<thead><tr>${headings}</tr></thead>` : ''}` +
    `<tbody>${body.join('\n')}</tbody></table></div>`
  );
}

/** A section of a page; nothing where it has no contents. */
export function section(title: string, ...contents: readonly string[]): string {
  const inside = contents.filter((part) => part !== '').join('\n');
  return inside === '' ? '' : `<section><h2>${escapeXml(title)}</h2>\n${inside}\n</section>`;
}

/** A paragraph of plain text. */
export function paragraph(text: string): string {
  return `<p>${escapeXml(text)}</p>`;
}

/** A whole page of HTML: no script, nothing loaded, light and dark, and fit to be printed. */
export function page(title: string, ...contents: readonly string[]): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeXml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${contents.filter((part) => part !== '').join('\n')}
</main>
</body>
</html>
`;
}

/** An SVG inside of a page has no XML declaration. */
function withoutProlog(svg: string): string {
  return svg.replace(/^<\?xml[^>]*\?>\s*/, '');
}

const STYLE = `
:root { --paper: #fff; --ink: #1a1f26; --soft: #5c6673; --line: #dfe3e8; --raised: #f6f7f9; --strong: 0, 114, 178; }
.on-dark { display: none; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #12161c; --ink: #e8ebef; --soft: #9aa5b3; --line: #2c343f; --raised: #1a2029; --strong: 86, 180, 233; }
  @media screen { .on-dark { display: block; } .on-light { display: none; } }
}
@media print { :root { --paper: #fff; --ink: #000; --soft: #444; --line: #ccc; --raised: #fff; } section { break-inside: avoid; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 Inter, system-ui, sans-serif; }
main { max-width: 76rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
h1 { font-size: 1.75rem; line-height: 1.25; margin: 0; }
h2 { font-size: 1.15rem; margin: 3rem 0 0.75rem; padding-top: 1rem; border-top: 1px solid var(--line); }
p { max-width: 46rem; } p.lead, p.soft { color: var(--soft); }
p.lead { margin: 0.5rem 0 0; }
dl.figures { display: grid; grid-template-columns: repeat(auto-fill, minmax(10.5rem, 1fr)); gap: 0.75rem; margin: 1.75rem 0 0; }
dl.figures div { background: var(--raised); border-radius: 0.6rem; padding: 0.8rem 1rem; }
dl.figures dt { color: var(--soft); font-size: 0.85rem; } dl.figures dd { margin: 0.15rem 0 0; font-size: 1.4rem; font-variant-numeric: tabular-nums; }
.wide { overflow-x: auto; }
figure { margin: 1rem 0; } figure svg { max-width: 100%; height: auto; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(26rem, 100%), 1fr)); gap: 0 2rem; }
table { border-collapse: collapse; font-size: 0.9rem; font-variant-numeric: tabular-nums; }
th, td { padding: 0.3rem 0.9rem 0.3rem 0; text-align: right; border-bottom: 1px solid var(--line); font-weight: normal; }
th[scope="row"], thead th:first-child { text-align: left; } thead th { color: var(--soft); }
table.about td { text-align: left; }
table.confusion td { padding: 0.35rem 0.6rem; text-align: center; border: 2px solid var(--paper); min-width: 3rem; }
summary { cursor: pointer; } pre { background: var(--raised); padding: 1rem; border-radius: 0.6rem; overflow-x: auto; font-size: 0.85rem; }
`;
