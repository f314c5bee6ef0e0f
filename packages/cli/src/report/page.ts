import { escapeXml, type FigureGround } from '@taggerjs/viz';

/** A figure of a report. */
export interface ReportFigure {
  /** File name without extension, unique in the report. */
  readonly name: string;
  /** Text alternative for screen readers. */
  readonly description: string;
  /** Draws it as an SVG document. */
  readonly draw: (ground: FigureGround) => string;
}

/** A figure as SVG for light and dark backgrounds. The page shows one of them. */
export function figure({ name, description, draw }: ReportFigure): string {
  const drawn = (theme: 'light' | 'dark') => withoutProlog(draw({ theme, transparent: true }));
  return (
    `<figure data-name="${escapeXml(name)}"><div class="wide" role="img" aria-label="${escapeXml(description)}">` +
    `<div class="on-light">${drawn('light')}</div><div class="on-dark">${drawn('dark')}</div></div></figure>`
  );
}

/** A table whose first column contains headings. */
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

/** A section of a page, or an empty string if it has no contents. */
export function section(title: string, ...contents: readonly string[]): string {
  const inside = contents.filter((part) => part !== '').join('\n');
  return inside === '' ? '' : `<section><h2>${escapeXml(title)}</h2>\n${inside}\n</section>`;
}

/** A paragraph of plain text. */
export function paragraph(text: string): string {
  return `<p>${escapeXml(text)}</p>`;
}

/**
 * A complete HTML page without external resources, light and dark, printable. Its only script adds links to save each figure.
 *
 * @param name prefix of the saved files
 */
export function page(title: string, name: string, ...contents: readonly string[]): string {
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
<main data-name="${escapeXml(name)}">
${contents.filter((part) => part !== '').join('\n')}
</main>
<script>${SCRIPT}</script>
</body>
</html>
`;
}

/** Removes the XML declaration, which an inline SVG must not have. */
function withoutProlog(svg: string): string {
  return svg.replace(/^<\?xml[^>]*\?>\s*/, '');
}

/** Pixels per unit in the PNG of a figure: 300 dpi at 100 units per inch. */
export const PIXELS_PER_UNIT = 3;

// Saves the light version with its background, as papers need it. The PNG is rendered from the SVG on demand, which keeps the
// page small, and through a data: URL, because a page opened from disk cannot read the pixels of a blob: URL. If the browser
// refuses a canvas of that size, a smaller one is used.
const SCRIPT = `
const report = document.querySelector('main').dataset.name;
const documentOf = (figure) => {
  const svg = figure.querySelector('.on-light > svg').cloneNode(true);
  const ground = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
  for (const [name, value] of Object.entries({ width: '100%', height: '100%', fill: '#ffffff' })) ground.setAttribute(name, value);
  svg.insertBefore(ground, svg.querySelector('desc').nextSibling);
  return new XMLSerializer().serializeToString(svg);
};
const pngOf = async (svg) => {
  const image = new Image();
  image.src = 'data:image/svg+xml;charset=utf-8,' + encodeURIComponent(svg);
  await image.decode();
  const canvas = document.createElement('canvas');
  for (const scale of [${PIXELS_PER_UNIT}, 2, 1]) {
    canvas.width = Math.round(scale * image.width);
    canvas.height = Math.round(scale * image.height);
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    const png = await new Promise((done) => canvas.toBlob(done, 'image/png'));
    if (png !== null) return png;
  }
  throw new Error('This figure is too large for a PNG in this browser. Save the SVG instead.');
};
const makers = {
  SVG: async (svg) => new Blob(['<?xml version="1.0" encoding="UTF-8"?>\\n', svg], { type: 'image/svg+xml' }),
  PNG: pngOf,
};
for (const figure of document.querySelectorAll('figure[data-name]')) {
  const links = figure.appendChild(document.createElement('p'));
  links.className = 'links';
  for (const [kind, make] of Object.entries(makers)) {
    const link = links.appendChild(document.createElement('a'));
    link.href = '#';
    link.textContent = kind;
    link.setAttribute('aria-label', 'Save as ' + kind + ': ' + figure.firstChild.getAttribute('aria-label'));
    link.onclick = async (event) => {
      event.preventDefault();
      try {
        const href = URL.createObjectURL(await make(documentOf(figure)));
        const download = report + '-' + figure.dataset.name + '.' + kind.toLowerCase();
        Object.assign(document.createElement('a'), { href, download }).click();
        setTimeout(() => URL.revokeObjectURL(href), 10000);
      } catch (error) {
        alert(error.message);
      }
    };
  }
}
`;

const STYLE = `
:root { --paper: #fff; --ink: #1a1f26; --soft: #5c6673; --line: #dfe3e8; --raised: #f6f7f9; }
.on-dark { display: none; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #12161c; --ink: #e8ebef; --soft: #9aa5b3; --line: #2c343f; --raised: #1a2029; }
  @media screen { .on-dark { display: block; } .on-light { display: none; } }
}
@media print { p.links { display: none; } :root { --paper: #fff; --ink: #000; --soft: #444; --line: #ccc; --raised: #fff; } section { break-inside: avoid; } }
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
figure { margin: 1rem 0; } figure p.links { margin: 0.1rem 0 0; font-size: 0.8rem; } p.links a { color: var(--soft); margin-right: 0.9rem; }
figure svg { max-width: 100%; height: auto; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(26rem, 100%), 1fr)); gap: 0 2rem; }
table { border-collapse: collapse; font-size: 0.9rem; font-variant-numeric: tabular-nums; }
th, td { padding: 0.3rem 0.9rem 0.3rem 0; text-align: right; border-bottom: 1px solid var(--line); font-weight: normal; }
th[scope="row"], thead th:first-child { text-align: left; } thead th { color: var(--soft); }
table.about td { text-align: left; }
summary { cursor: pointer; } pre { background: var(--raised); padding: 1rem; border-radius: 0.6rem; overflow-x: auto; font-size: 0.85rem; }
`;
