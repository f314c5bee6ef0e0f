/** The value of an attribute; `undefined` leaves the attribute out. */
export type AttributeValue = string | number | undefined;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

// What XML 1.0 does not allow even escaped: most control characters, lone surrogates, U+FFFE and U+FFFF.
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

/** A coordinate without noise: to two decimals. */
export function roundCoordinate(value: number): number {
  // "|| 0" makes -0 a 0.
  return Math.round(value * 100) / 100 || 0;
}

/** A coordinate as text, with at most two decimals. */
export function formatCoordinate(value: number): string {
  return String(roundCoordinate(value));
}

/**
 * An XML element. Attributes are escaped; children are markup already: give text through {@link escapeXml}.
 *
 * @param name the tag
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

/** A line of text at (x, y), y being its baseline. */
export function textElement(
  text: string,
  attributes: Readonly<Record<string, AttributeValue>> & { readonly x: number; readonly y: number },
): string {
  return element('text', attributes, [escapeXml(text)]);
}

/**
 * A whole SVG document: the size, the font, the ground, a title for screen readers.
 *
 * Inter comes first in the font list because PNG rendering carries it; a browser without it takes its own sans-serif.
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
