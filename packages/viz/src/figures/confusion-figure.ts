import { formatColor, mixColors, parseColor, type Rgb } from '../color';
import { element, svgDocument, textElement } from '../svg/svg';
import { textWidth, wrapText } from '../svg/text-layout';
import { type FigureGround, type Theme, themeColors } from '../svg/theme';
import { VizError } from '../viz-error';

/** Options of {@link confusionFigure}. */
export interface ConfusionFigureOptions extends FigureGround {
  /** [C, C] nonnegative counts: rows are true classes, columns are predicted classes. Fractions are allowed. */
  readonly matrix: readonly (readonly number[])[];
  /** The classes' names. @default '0', '1', ... */
  readonly classLabels?: readonly string[] | undefined;
  /** A title above the figure. @default none */
  readonly title?: string | undefined;
  /** A caption below it. @default none */
  readonly caption?: string | undefined;
}

const MARGIN = 28;
const GAP = 2;
const CELL_HEIGHT = 30;
const LEAST_CELL_WIDTH = 40;
const CELL_PADDING = 14;
const TITLE_SIZE = 18;
const LABEL_SIZE = 12;
const COUNT_SIZE = 12;
const CAPTION_SIZE = 12;
const CAPTION_LEADING = 18;
/** The full cell color for each theme. A cell that contains its whole row mixes in {@link MOST_STRONG} of it. */
const STRONG: Readonly<Record<Theme, Rgb>> = { light: [0, 114, 178], dark: [86, 180, 233] };
const MOST_STRONG = 0.75;

/**
 * Draws a confusion matrix as SVG text: a row for each true class, a column for each predicted class, and the sum of each row.
 * Color depth is proportional to the square root of a cell's share of its row, so that small shares remain visible.
 *
 * @param options counts and labels
 * @returns an SVG document
 * @throws VizError `INVALID_SHAPE` when the matrix is not square or the number of labels differs, `NON_FINITE` when a count is
 *   NaN or infinite, `INVALID_OPTION` when the matrix is empty or a count is below 0
 */
export function confusionFigure(options: ConfusionFigureOptions): string {
  const { matrix, title, caption, theme: ground = 'light', transparent = false } = options;
  const classLabels = options.classLabels ?? matrix.map((_, index) => String(index));
  checkMatrix(matrix, classLabels);
  const theme = themeColors(ground);
  const paper = parseColor(theme.background);

  const sums = matrix.map((row) => row.reduce((sum, count) => sum + count, 0));
  const texts = matrix.map((row) => row.map(formatCount));
  const widest = (all: readonly string[]) => Math.max(...all.map((text) => textWidth(text, COUNT_SIZE)));
  const cell = Math.max(LEAST_CELL_WIDTH, widest([...texts.flat(), ...classLabels]) + CELL_PADDING);
  const names = widest([...classLabels, 'True']) + CELL_PADDING;
  const sumWidth = widest([...sums.map(formatCount), 'All']) + CELL_PADDING;
  const left = MARGIN + names;
  const across = matrix.length * (cell + GAP);
  const contentWidth = Math.max(names + across + sumWidth, 240);

  const children: string[] = [];
  const small = { 'font-size': LABEL_SIZE, fill: theme.muted };
  let y = MARGIN;
  if (title !== undefined) {
    y += TITLE_SIZE;
    children.push(textElement(title, { x: MARGIN, y, 'font-size': TITLE_SIZE, 'font-weight': 600, fill: theme.text }));
    y += 16;
  }
  y += LABEL_SIZE;
  children.push(textElement('Found', { x: left + across / 2, y, ...small, 'text-anchor': 'middle' }));
  y += 20;
  children.push(textElement('True', { x: MARGIN, y, ...small }));
  const middle = (column: number) => left + column * (cell + GAP) + cell / 2;
  const end = left + across + sumWidth;
  classLabels.forEach((label, column) => {
    const heading = { x: middle(column), y, 'font-size': LABEL_SIZE, fill: theme.text, 'text-anchor': 'middle' };
    children.push(textElement(label, heading));
  });
  children.push(textElement('All', { x: end, y, ...small, 'text-anchor': 'end' }));
  y += 8;
  matrix.forEach((row, index) => {
    const baseline = y + CELL_HEIGHT / 2 + 4;
    children.push(
      textElement(classLabels[index] as string, { x: MARGIN, y: baseline, 'font-size': LABEL_SIZE, fill: theme.text }),
    );
    row.forEach((count, column) => {
      const share = count === 0 ? 0 : count / (sums[index] as number);
      const fill = mixColors(paper, STRONG[ground], Math.sqrt(share) * MOST_STRONG);
      const color = contrast(fill, parseColor(theme.text)) > contrast(fill, paper) ? theme.text : theme.background;
      const x = left + column * (cell + GAP);
      children.push(
        element('rect', {
          x,
          y,
          width: cell,
          height: CELL_HEIGHT,
          rx: 3,
          fill: formatColor(fill),
          'data-cell': `${index} ${column}`,
        }),
        textElement(texts[index]?.[column] as string, {
          x: middle(column),
          y: baseline,
          'font-size': COUNT_SIZE,
          fill: count === 0 ? theme.muted : color,
          'text-anchor': 'middle',
        }),
      );
    });
    children.push(
      textElement(formatCount(sums[index] as number), { x: end, y: baseline, ...small, 'text-anchor': 'end' }),
    );
    y += CELL_HEIGHT + GAP;
  });
  if (caption !== undefined) {
    y += 8;
    for (const line of wrapText(caption, CAPTION_SIZE, contentWidth)) {
      y += CAPTION_LEADING;
      children.push(textElement(line, { x: MARGIN, y: y - 4, 'font-size': CAPTION_SIZE, fill: theme.muted }));
    }
  }
  return svgDocument({
    width: contentWidth + 2 * MARGIN,
    height: y + MARGIN,
    title: title ?? 'Confusion of classes',
    description: caption ?? 'Rows: the true class; columns: the class that was found; in every cell the count.',
    background: transparent ? undefined : theme.background,
    children,
  });
}

const formatCount = (count: number) => (Number.isInteger(count) ? String(count) : count.toFixed(1));

/** Contrast ratio of two colors as defined by WCAG 2, from 1 to 21. */
function contrast(a: Rgb, b: Rgb): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(color: Rgb): number {
  const [red, green, blue] = color.map((channel) => {
    const value = channel / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function checkMatrix(matrix: ConfusionFigureOptions['matrix'], classLabels: readonly string[]): void {
  const classes = matrix.length;
  if (classes === 0) throw new VizError('INVALID_OPTION', 'confusionFigure: matrix: expected at least one class.');
  if (classLabels.length !== classes) {
    throw new VizError(
      'INVALID_SHAPE',
      `confusionFigure: classLabels: expected ${classes} names, one for each class, got ${classLabels.length}.`,
    );
  }
  matrix.forEach((row, index) => {
    if (row.length !== classes) {
      throw new VizError(
        'INVALID_SHAPE',
        `confusionFigure: matrix[${index}]: expected ${classes} counts, as many as there are rows, got ${row.length}.`,
      );
    }
    row.forEach((count, column) => {
      const where = `confusionFigure: matrix[${index}][${column}]: expected a count of at least 0, got ${count}.`;
      if (!Number.isFinite(count)) throw new VizError('NON_FINITE', where);
      if (count < 0) throw new VizError('INVALID_OPTION', where);
    });
  });
}
