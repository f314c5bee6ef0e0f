/** The value of an attribute. `undefined` omits the attribute. */
export type AttributeValue = string | number | undefined;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

// Characters that XML 1.0 forbids even when escaped: most control characters, lone surrogates, U+FFFE and U+FFFF.
const FORBIDDEN =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/**
 * Escapes text for XML, SVG and HTML, in content and attributes. Characters that XML 1.0 forbids (control characters, lone
 * surrogates) become U+FFFD.
 *
 * @param text any text
 */
export function escapeXml(text: string): string {
  return text.replace(FORBIDDEN, '\ufffd').replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/** Rounds a coordinate to two decimals. */
export function roundCoordinate(value: number): number {
  // "|| 0" turns -0 into 0.
  return Math.round(value * 100) / 100 || 0;
}

/** Formats a coordinate with at most two decimals. */
export function formatCoordinate(value: number): string {
  return String(roundCoordinate(value));
}

/**
 * Writes an XML element. Escapes attributes, but not children, which are markup: pass text through {@link escapeXml}.
 *
 * @param name tag name
 * @param attributes numbers are written with at most two decimals
 * @param children the content
 */
export function element(
  name: string,
  attributes: Readonly<Record<string, AttributeValue>>,
  children: readonly string[] = [],
): string {
  let head = `<${name}`;
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined) continue;
    head += ` ${key}="${typeof value === 'number' ? formatCoordinate(value) : escapeXml(value)}"`;
  }
  return children.length === 0 ? `${head}/>` : `${head}>${children.join('')}</${name}>`;
}

/** Writes a line of text at (x, y), where y is the baseline. */
export function textElement(
  text: string,
  attributes: Readonly<Record<string, AttributeValue>> & { readonly x: number; readonly y: number },
): string {
  return element('text', attributes, [escapeXml(text)]);
}

/**
 * Writes a complete SVG document with size, font, background, and a title and description for screen readers.
 *
 * Inter comes first in the font list because `renderPng` registers it. A browser without Inter uses its own sans-serif font.
 */
export function svgDocument(options: {
  readonly width: number;
  readonly height: number;
  readonly title: string;
  readonly description: string;
  readonly background: string | undefined;
  readonly children: readonly string[];
}): string {
  const { width, height, title, description, background, children } = options;
  const w = formatCoordinate(width);
  const h = formatCoordinate(height);
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      width: w,
      height: h,
      viewBox: `0 0 ${w} ${h}`,
      role: 'img',
      'font-family': "Inter, system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif",
    },
    [
      element('title', {}, [escapeXml(title)]),
      element('desc', {}, [escapeXml(description)]),
      ...(background === undefined ? [] : [element('rect', { width: w, height: h, fill: background })]),
      ...children,
    ],
  );
}
