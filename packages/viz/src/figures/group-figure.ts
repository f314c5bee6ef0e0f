import { formatColor, type Rgb } from '../color';
import {
  checkExamples,
  checkView,
  formatAmi,
  IGNORED_SEGMENT,
  type GroupExample,
  type GroupIteration,
  type GroupView,
} from '../group-example';
import { groupRgb, palette as defaultPalette } from '../palette';
import { pngDataUri } from '../svg/png-data-uri';
import {
  paintGroups,
  paintInput,
  paintPrediction,
  paintSegments,
  paintWinners,
  UNSCORED,
  type Raster,
} from '../raster';
import { element, svgDocument, textElement } from '../svg/svg';
import { textWidth, wrapText } from '../svg/text-layout';
import { type FigureGround, themeColors, type ThemeColors } from '../svg/theme';
import { checkRange, type ValueRange } from '../value-range';
import { VizError } from '../viz-error';
import { matchSegments } from './match-segments';

/** Options of {@link groupFigure}. */
export interface GroupFigureOptions extends FigureGround {
  /** [height, width] of an input, or [height, width, channels]. With three channels, inputs and predictions have colors. */
  readonly inputShape: readonly number[];
  /** The examples, one per row: at least one. */
  readonly examples: readonly GroupExample[];
  /** What the large panel of an iteration shows. @default 'blend' */
  readonly view?: GroupView | undefined;
  /** A title above the figure. @default none */
  readonly title?: string | undefined;
  /** A caption below it; `false` for none. @default an explanation of the panels */
  readonly caption?: string | false | undefined;
  /** A heading for each iteration. @default 'Iteration 1', 'Iteration 2', ... */
  readonly iterationLabels?: readonly string[] | undefined;
  /** A note under each iteration's heading, such as its mean AMI. @default none */
  readonly iterationNotes?: readonly string[] | undefined;
  /** The groups' names in the legend. @default 'Group 1', 'Group 2', ... */
  readonly groupLabels?: readonly string[] | undefined;
  /** The groups' colors, `'#rrggbb'`. @default {@link palette} */
  readonly palette?: readonly string[] | undefined;
  /** The values of inputs and predictions drawn black and white. @default [0, 1] */
  readonly range?: ValueRange | undefined;
  /**
   * Size of an element in a large panel, in SVG units.
   *
   * @default a size that makes the longer side of a panel about 90 units, and every element a whole number of units
   */
  readonly pixelSize?: number | undefined;
}

const MARGIN = 28;
const FRAME = 1;
const PANEL_GAP = 10;
const SECTION_GAP = 26;
const CELL_GAP = 18;
const GROUPS_GAP = 4;
const ROW_GAP = 14;
const NOTE_HEIGHT = 19;
const DEFAULT_PANEL = 90;

const TITLE_SIZE = 18;
const HEADING_SIZE = 12;
const NOTE_SIZE = 11;
const CAPTION_SIZE = 12;
const CAPTION_LEADING = 18;

/**
 * Draws groups as in the paper (Greff et al. 2016, on Shapes), as SVG text. Each row is an example: the input, the corrupted
 * input and the true segments, if given, and then for each iteration:
 *
 * - a large panel with all groups: the sum over k of color_k m_k z_k, or with `view: 'winner'` each element's winning group,
 * - a small panel for each group: color_k m_k z_k, its prediction masked by its assignment,
 *   or, for images with channels, m_k z_k in the prediction's own colors; the large panel is then the sum of color_k m_k,
 * - the AMI, if given, as a number and as a bar from 0 to 1.
 *
 * Each true segment is matched, one to one, with the group that contains most of it at the last iteration, and drawn in that
 * group's color. Panels are embedded as PNG images, so the figure is self-contained and stays sharp at any size.
 *
 * @param options examples as plain arrays: prediction is [K, N], assignment [K, P]
 * @returns an SVG document
 * @throws VizError `INVALID_SHAPE` when an array has the wrong length, `NON_FINITE` when a value is NaN or infinite,
 *   `INVALID_OPTION` when an option is out of range
 */
export function groupFigure(options: GroupFigureOptions): string {
  const caller = 'groupFigure';
  const { examples, title, view = 'blend', range = [0, 1], transparent = false } = options;
  const { height, width, channels, size, groups, iterations } = checkExamples(caller, options.inputShape, examples);
  checkRange(caller, range);
  checkView(caller, view);
  const theme = themeColors(options.theme ?? 'light');
  const colors = Array.from({ length: groups }, (_, k) => groupRgb(k, options.palette ?? defaultPalette));
  const iterationLabels = labels(caller, 'iterationLabels', options.iterationLabels, iterations, 'Iteration');
  const groupLabels = labels(caller, 'groupLabels', options.groupLabels, groups, 'Group');
  const iterationNotes = options.iterationNotes;
  if (iterationNotes !== undefined) labels(caller, 'iterationNotes', iterationNotes, iterations, '');

  // Rows of small panels next to the large one. Elements of the large panel are larger by this factor.
  const groupRows = groups <= 1 ? 1 : groups <= 8 ? 2 : Math.ceil(Math.sqrt(groups / 2));
  const groupColumns = Math.ceil(groups / groupRows);
  const pixelSize =
    options.pixelSize ?? groupRows * Math.max(1, Math.round(DEFAULT_PANEL / (Math.max(height, width) * groupRows)));
  if (!Number.isFinite(pixelSize) || pixelSize <= 0) {
    throw new VizError('INVALID_OPTION', `${caller}: pixelSize: expected a number above 0, got ${pixelSize}.`);
  }
  const panel = { width: width * pixelSize + 2 * FRAME, height: height * pixelSize + 2 * FRAME };
  const small = { width: (width * pixelSize) / groupRows, height: (height * pixelSize) / groupRows };
  // The gaps between small panels add up to the frame of the large one, so that both sides have the same height.
  const groupGap = groupRows === 1 ? 0 : (2 * FRAME) / (groupRows - 1);
  const sheet = {
    width: groupColumns * small.width + (groupColumns - 1) * groupGap,
    height: groupRows * small.height + (groupRows - 1) * groupGap,
  };
  const cellWidth = groups === 0 ? panel.width : panel.width + GROUPS_GAP + sheet.width;

  // Columns.
  const hasCorrupted = examples.some((example) => example.corrupted !== undefined);
  const hasSegments = examples.some((example) => example.segments !== undefined);
  const leftHeadings = ['Input', ...(hasCorrupted ? ['Corrupted'] : []), ...(hasSegments ? ['Segments'] : [])];
  let right = MARGIN;
  const columnOf = (contents: number, ...texts: readonly number[]) => {
    const x = right;
    right += Math.max(contents, ...texts);
    return x;
  };
  const leftX = leftHeadings.map((text, column) => {
    if (column > 0) right += PANEL_GAP;
    return columnOf(panel.width, textWidth(text, HEADING_SIZE, true));
  });
  const cellX = iterationLabels.map((text, i) => {
    right += i === 0 ? SECTION_GAP : CELL_GAP;
    return columnOf(cellWidth, textWidth(text, HEADING_SIZE, true), textWidth(iterationNotes?.[i] ?? '', NOTE_SIZE));
  });

  // Minimum width for the legend, the caption and the title.
  const contentWidth = Math.max(right - MARGIN, 320, title === undefined ? 0 : textWidth(title, TITLE_SIZE, true));
  const hasIgnored = examples.some(({ segments }) => segments !== undefined && includes(segments, IGNORED_SEGMENT));

  const children: string[] = [];
  let y = MARGIN;
  if (title !== undefined) {
    y += TITLE_SIZE;
    children.push(textElement(title, { x: MARGIN, y, 'font-size': TITLE_SIZE, 'font-weight': 600, fill: theme.text }));
    y += 18;
  }
  y += HEADING_SIZE;
  const heading = { 'font-size': HEADING_SIZE, 'font-weight': 600, fill: theme.text };
  leftHeadings.forEach((text, column) =>
    children.push(textElement(text, { x: leftX[column] as number, y, ...heading })),
  );
  iterationLabels.forEach((text, i) => children.push(textElement(text, { x: cellX[i] as number, y, ...heading })));
  if (iterationNotes !== undefined) {
    y += NOTE_SIZE + 4;
    iterationNotes.forEach((text, i) =>
      children.push(textElement(text, { x: cellX[i] as number, y, 'font-size': NOTE_SIZE, fill: theme.muted })),
    );
  }
  y += 9;

  // Rows.
  const image = (raster: Raster, at: { x: number; y: number; width: number; height: number }, name: string) =>
    element('image', {
      ...at,
      preserveAspectRatio: 'none',
      href: pngDataUri(raster, width, height),
      'data-panel': name,
    });
  const framed = (raster: Raster, x: number, top: number, name: string) =>
    element('rect', { x, y: top, ...panel, fill: theme.line }) +
    image(raster, { x: x + FRAME, y: top + FRAME, width: width * pixelSize, height: height * pixelSize }, name);

  // Predictions with channels have colors of their own, which would hide those of the groups.
  const inOneColor = ({ prediction, assignment }: GroupIteration) =>
    channels === 1 ? { prediction, assignment } : { assignment };

  examples.forEach((example, index) => {
    const row: string[] = [];
    const noteY = y + panel.height + 14;
    const last = example.iterations.at(-1);
    let column = 0;
    row.push(framed(paintInput(example.input, range, channels), leftX[column++] as number, y, 'input'));
    if (hasCorrupted) {
      const x = leftX[column++] as number;
      if (example.corrupted !== undefined)
        row.push(framed(paintInput(example.corrupted, range, channels), x, y, 'corrupted'));
    }
    if (example.segments !== undefined) {
      const match = matchSegments(example.segments, last?.assignment);
      const segmentColors = new Map<number, Rgb>();
      for (const [segment, group] of match) {
        segmentColors.set(segment, groupRgb(group, options.palette ?? defaultPalette));
      }
      row.push(
        framed(paintSegments(example.segments, segmentColors, UNSCORED), leftX[column] as number, y, 'segments'),
      );
    }
    if (example.label !== undefined) {
      row.push(textElement(example.label, { x: MARGIN, y: noteY, 'font-size': NOTE_SIZE, fill: theme.muted }));
    }
    example.iterations.forEach((iteration, i) => {
      const x = cellX[i] as number;
      const count = iteration.assignment.length / size;
      const all = Array.from({ length: count }, (_, k) => k);
      const sheetX = x + panel.width + GROUPS_GAP;
      const sheetY = y + (panel.height - sheet.height) / 2;
      const cell = [
        view === 'winner'
          ? framed(paintWinners(iteration.assignment, size, colors), x, y, 'winners')
          : framed(paintGroups(inOneColor(iteration), size, all, colors, range), x, y, 'overlay'),
      ];
      for (const k of all) {
        const at = {
          x: sheetX + (k % groupColumns) * (small.width + groupGap),
          y: sheetY + Math.floor(k / groupColumns) * (small.height + groupGap),
          ...small,
        };
        // Fill the gaps between small panels, which have no frames, to separate them.
        const backing = {
          ...at,
          width: small.width + ((k + 1) % groupColumns !== 0 && k + 1 < count ? groupGap : 0),
          height: small.height + (k + groupColumns < count ? groupGap : 0),
        };
        if (groupGap > 0) cell.push(element('rect', { ...backing, fill: theme.line }));
        const own =
          channels === 1
            ? paintGroups(iteration, size, [k], colors, range)
            : paintPrediction(iteration, { size, channels }, k, range);
        cell.push(image(own, at, `group-${k + 1}`));
      }
      if (iteration.ami !== undefined) cell.push(amiNote(iteration.ami, x, noteY, cellWidth, theme));
      row.push(element('g', { 'data-iteration': i + 1 }, cell));
    });
    children.push(
      element(
        'g',
        // The attribute is for SVG 1.1 renderers. All others use the style, which overrides it.
        { 'data-example': index + 1, 'image-rendering': 'optimizeSpeed', style: 'image-rendering:pixelated' },
        row,
      ),
    );
    const hasNote = example.label !== undefined || example.iterations.some(({ ami }) => ami !== undefined);
    y += panel.height + (hasNote ? NOTE_HEIGHT : 0) + (index < examples.length - 1 ? ROW_GAP : 0);
  });

  // Legend.
  const entries = groupLabels.map((label, k) => ({ label, color: formatColor(colors[k] as Rgb) }));
  if (hasIgnored) entries.push({ label: 'Not scored', color: formatColor(UNSCORED) });
  if (entries.length > 0) {
    y += 16;
    let x = MARGIN;
    for (const { label, color } of entries) {
      const advance = 17 + textWidth(label, NOTE_SIZE) + 18;
      if (x > MARGIN && x + advance - 18 > MARGIN + contentWidth) {
        x = MARGIN;
        y += 18;
      }
      children.push(
        element('rect', { x, y, width: 11, height: 11, rx: 2, fill: color }),
        textElement(label, { x: x + 17, y: y + 9.5, 'font-size': NOTE_SIZE, fill: theme.text }),
      );
      x += advance;
    }
    y += 11;
  }

  // Caption.
  const shown = { view, channels, hasSegments, hasIgnored, examples };
  const caption = options.caption ?? defaultCaption(shown);
  if (caption !== false) {
    y += 12;
    for (const line of wrapText(caption, CAPTION_SIZE, Math.min(contentWidth, 820))) {
      y += CAPTION_LEADING;
      children.push(textElement(line, { x: MARGIN, y: y - 4, 'font-size': CAPTION_SIZE, fill: theme.muted }));
    }
  }

  return svgDocument({
    width: contentWidth + 2 * MARGIN,
    height: y + MARGIN,
    title: title ?? 'Groups',
    description: caption === false ? defaultCaption(shown) : caption,
    background: transparent ? undefined : theme.background,
    children,
  });
}

/** The AMI below an iteration: its value, then a bar from 0 to 1 that fills the rest of the cell. */
function amiNote(ami: number, x: number, y: number, width: number, theme: ThemeColors): string {
  const from = x + 58;
  const length = x + width - from;
  const bar = { x: from, y: y - 6, height: 4, rx: 2 };
  const filled = Number.isFinite(ami) ? Math.min(1, Math.max(0, ami)) * length : 0;
  return [
    textElement('AMI', { x, y, 'font-size': NOTE_SIZE, fill: theme.muted }),
    textElement(formatAmi(ami), { x: x + 25, y, 'font-size': NOTE_SIZE, 'font-weight': 600, fill: theme.text }),
    ...(length < 12 ? [] : [element('rect', { ...bar, width: length, fill: theme.faint })]),
    ...(length < 12 || filled === 0
      ? []
      : [element('rect', { ...bar, width: Math.max(4, filled), fill: theme.accent })]),
  ].join('');
}

function labels(
  caller: string,
  option: string,
  given: readonly string[] | undefined,
  count: number,
  word: string,
): readonly string[] {
  if (given === undefined) return Array.from({ length: count }, (_, index) => `${word} ${index + 1}`);
  if (given.length !== count) {
    throw new VizError('INVALID_OPTION', `${caller}: ${option}: expected ${count}, one for each, got ${given.length}.`);
  }
  return given;
}

function includes(values: ArrayLike<number>, value: number): boolean {
  for (let i = 0; i < values.length; i++) if (values[i] === value) return true;
  return false;
}

function defaultCaption(shown: {
  readonly view: GroupView;
  readonly channels: number;
  readonly hasSegments: boolean;
  readonly hasIgnored: boolean;
  readonly examples: readonly GroupExample[];
}): string {
  const hasAmi = shown.examples.some(({ iterations }) => iterations.some(({ ami }) => ami !== undefined));
  return [
    'Each row is one example. At every iteration the large panel shows ' +
      (shown.view === 'winner' ? 'the winning group of each pixel' : 'all groups at once') +
      ' and the small panels show each group alone: its prediction, masked by its assignment' +
      (shown.channels === 1 ? ', in its color.' : '.'),
    ...(shown.hasSegments
      ? [
          `True segments take the colors of the groups that found them${shown.hasIgnored ? '; gray elements are not scored' : ''}.`,
        ]
      : []),
    ...(hasAmi ? ['AMI: adjusted mutual information between groups and true segments; 1 is a perfect grouping.'] : []),
  ].join(' ');
}
