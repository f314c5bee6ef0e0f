import { formatColor, type Rgb } from '../color';
import { checkExamples, IGNORED_SEGMENT, type GroupExample } from '../group-example';
import { groupRgb, palette as defaultPalette } from '../palette';
import { pngDataUri } from '../svg/png-data-uri';
import { paintInput, paintSegments, UNSCORED, type Raster } from '../raster';
import { element, svgDocument, textElement } from '../svg/svg';
import { textWidth, wrapText } from '../svg/text-layout';
import { type FigureGround, themeColors } from '../svg/theme';
import { checkRange, type ValueRange } from '../value-range';
import { VizError } from '../viz-error';

/** Options of {@link exampleFigure}. */
export interface ExampleFigureOptions extends FigureGround {
  /** [height, width] of an input, or [height, width, channels]. With three channels, inputs have colors. */
  readonly inputShape: readonly number[];
  /** The examples: at least one. Segment s has color s of the palette. */
  readonly examples: readonly Pick<GroupExample, 'input' | 'segments' | 'label'>[];
  /** Examples per row. @default 4, or fewer if there are fewer examples */
  readonly columns?: number | undefined;
  /** The segments' names in the legend. @default 'Segment 0', 'Segment 1', ... */
  readonly segmentLabels?: readonly string[] | undefined;
  /** A title above the figure. @default none */
  readonly title?: string | undefined;
  /** A caption below it. @default none */
  readonly caption?: string | undefined;
  /** The segments' colors, `'#rrggbb'`. @default {@link palette} */
  readonly palette?: readonly string[] | undefined;
  /** The input values drawn black and white. @default [0, 1] */
  readonly range?: ValueRange | undefined;
  /** Size of an element in SVG units. @default a size that makes the longer side of a panel about 90 units */
  readonly pixelSize?: number | undefined;
}

const MARGIN = 28;
const PAIR_GAP = 4;
const COLUMN_GAP = 22;
const ROW_GAP = 14;
const FRAME = 1;
const PANEL = 90;
const TITLE_SIZE = 18;
const NOTE_SIZE = 11;
const CAPTION_SIZE = 12;

/**
 * Draws examples of a dataset as SVG text, in rows: each input, next to its true segments if they are known. Elements of
 * segment 255 are gray.
 *
 * @param options examples as plain arrays
 * @returns an SVG document
 * @throws VizError `INVALID_SHAPE` when an array has the wrong length, `NON_FINITE` when a value is NaN or infinite,
 *   `INVALID_OPTION` when an option is out of range
 */
export function exampleFigure(options: ExampleFigureOptions): string {
  const caller = 'exampleFigure';
  const { range = [0, 1], title, caption, theme: ground = 'light', transparent = false } = options;
  const examples = options.examples.map((example) => ({ ...example, iterations: [] }));
  const { height, width, channels } = checkExamples(caller, options.inputShape, examples);
  checkRange(caller, range);
  const theme = themeColors(ground);
  const columns = options.columns ?? Math.min(4, examples.length);
  if (!Number.isInteger(columns) || columns < 1) {
    throw new VizError('INVALID_OPTION', `${caller}: columns: expected a positive integer, got ${columns}.`);
  }
  const pixelSize = options.pixelSize ?? Math.max(1, Math.round(PANEL / Math.max(height, width)));
  if (!Number.isFinite(pixelSize) || pixelSize <= 0) {
    throw new VizError('INVALID_OPTION', `${caller}: pixelSize: expected a number above 0, got ${pixelSize}.`);
  }

  const used = new Set(examples.flatMap(({ segments }) => (segments === undefined ? [] : Array.from(segments))));
  const numbers = [...used].filter((segment) => segment !== IGNORED_SEGMENT).sort((a, b) => a - b);
  const colors = new Map<number, Rgb>(
    numbers.map((segment) => [segment, groupRgb(segment, options.palette ?? defaultPalette)]),
  );
  const panel = { width: width * pixelSize + 2 * FRAME, height: height * pixelSize + 2 * FRAME };
  // A column is as wide as its panels, or as the longest label below them.
  const pairWidth = Math.max(
    used.size > 0 ? 2 * panel.width + PAIR_GAP : panel.width,
    ...examples.map(({ label = '' }) => Math.ceil(textWidth(label, NOTE_SIZE))),
  );
  const noteHeight = examples.some(({ label }) => label !== undefined) ? 18 : 0;
  const contentWidth = Math.max(columns * pairWidth + (columns - 1) * COLUMN_GAP, 320);

  const children: string[] = [];
  let y = MARGIN;
  if (title !== undefined) {
    y += TITLE_SIZE;
    children.push(textElement(title, { x: MARGIN, y, 'font-size': TITLE_SIZE, 'font-weight': 600, fill: theme.text }));
    y += 16;
  }
  const framed = (raster: Raster, x: number, name: string) =>
    element('rect', { x, y, ...panel, fill: theme.line }) +
    element('image', {
      x: x + FRAME,
      y: y + FRAME,
      width: width * pixelSize,
      height: height * pixelSize,
      preserveAspectRatio: 'none',
      href: pngDataUri(raster, width, height),
      'data-panel': name,
    });
  examples.forEach(({ input, segments, label }, i) => {
    const x = MARGIN + (i % columns) * (pairWidth + COLUMN_GAP);
    const cell = [framed(paintInput(input, range, channels), x, 'input')];
    if (segments !== undefined) {
      cell.push(framed(paintSegments(segments, colors, UNSCORED), x + panel.width + PAIR_GAP, 'segments'));
    }
    if (label !== undefined) {
      const note = { x, y: y + panel.height + 13, 'font-size': NOTE_SIZE, fill: theme.muted };
      cell.push(textElement(label, note));
    }
    // See groupFigure: the attribute is for SVG 1.1 renderers, the style for all others.
    const sharp = { 'image-rendering': 'optimizeSpeed', style: 'image-rendering:pixelated' };
    children.push(element('g', { 'data-example': i + 1, ...sharp }, cell));
    const endsRow = (i + 1) % columns === 0 || i === examples.length - 1;
    if (endsRow) y += panel.height + noteHeight + (i === examples.length - 1 ? 0 : ROW_GAP);
  });

  const entries = numbers.map((segment) => ({
    label: options.segmentLabels?.[segment] ?? `Segment ${segment}`,
    color: colors.get(segment) as Rgb,
  }));
  if (used.has(IGNORED_SEGMENT)) entries.push({ label: 'Not scored', color: UNSCORED });
  if (entries.length > 0) {
    y += 16;
    let x = MARGIN;
    for (const { label, color } of entries) {
      children.push(
        element('rect', { x, y, width: 11, height: 11, rx: 2, fill: formatColor(color) }),
        textElement(label, { x: x + 17, y: y + 9.5, 'font-size': NOTE_SIZE, fill: theme.text }),
      );
      x += 17 + textWidth(label, NOTE_SIZE) + 18;
    }
    y += 11;
  }
  if (caption !== undefined) {
    y += 12;
    for (const line of wrapText(caption, CAPTION_SIZE, contentWidth)) {
      y += 18;
      children.push(textElement(line, { x: MARGIN, y: y - 4, 'font-size': CAPTION_SIZE, fill: theme.muted }));
    }
  }
  return svgDocument({
    width: contentWidth + 2 * MARGIN,
    height: y + MARGIN,
    title: title ?? 'Examples',
    description: caption ?? 'Examples of a data set, each beside its true segments.',
    background: transparent ? undefined : theme.background,
    children,
  });
}
