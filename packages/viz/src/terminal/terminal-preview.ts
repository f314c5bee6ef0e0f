import { ANSI_RESET, ansiColors, type TerminalColor } from './ansi';
import type { Rgb } from '../color';
import {
  checkExamples,
  checkView,
  formatAmi,
  type GroupExample,
  type GroupIteration,
  type GroupView,
} from '../group-example';
import { groupRgb, palette as defaultPalette } from '../palette';
import { meanOfChannels, paintGroups, paintInput, paintWinners, type Raster } from '../raster';
import { checkRange, type ValueRange } from '../value-range';
import { VizError } from '../viz-error';

/** Options of {@link terminalPreview}. */
export interface TerminalPreviewOptions {
  /** [height, width] of an input, or [height, width, channels]. With three channels, the input has colors. */
  readonly inputShape: readonly number[];
  /** The example with its grouping. */
  readonly example: GroupExample;
  /** What the panel of an iteration shows. @default 'blend' */
  readonly view?: GroupView | undefined;
  /** Width of the terminal in columns. Panels wrap to it, and shrink if a single one is wider. @default 80 */
  readonly width?: number | undefined;
  /** Colors that the terminal supports. @default 'truecolor' */
  readonly color?: TerminalColor | undefined;
  /** A heading for each iteration. @default 'iteration 1', 'iteration 2', ..., abbreviated for narrow panels */
  readonly iterationLabels?: readonly string[] | undefined;
  /** The groups' colors, `'#rrggbb'`. @default {@link palette} */
  readonly palette?: readonly string[] | undefined;
  /** The values of inputs and predictions drawn black and white. @default [0, 1] */
  readonly range?: ValueRange | undefined;
}

/** A panel: a heading, lines of equal width, and a note below. */
interface Panel {
  readonly heading: string;
  readonly lines: readonly string[];
  readonly note: string;
}

const GAP = '  ';
// From black to white, for terminals without color.
const SHADES = ' .:-=+*#%@';
const NAMES = '123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/**
 * Draws an example for the terminal: the input, the corrupted input, and for each iteration all groups with the AMI.
 *
 * Each character shows two elements, one above the other. With color, half blocks show the sum over k of color_k m_k z_k, for images
 * with channels that of color_k m_k. Without
 * color, ASCII shades show the input, and the number of the strongest group shows the grouping. A dot means that no group exceeds
 * half of the range. With `view: 'winner'`, the panels show each element's winning group instead.
 *
 * @param options one example as plain arrays: prediction is [K, N], assignment [K, P]
 * @returns lines, each ending in a newline
 * @throws VizError `INVALID_SHAPE` when an array has the wrong length, `NON_FINITE` when a value is NaN or infinite,
 *   `INVALID_OPTION` when an option is out of range
 */
export function terminalPreview(options: TerminalPreviewOptions): string {
  const caller = 'terminalPreview';
  const { example, view = 'blend', width: columns = 80, color = 'truecolor', range = [0, 1] } = options;
  const { height, width, channels, size, groups, iterations } = checkExamples(caller, options.inputShape, [example]);
  checkRange(caller, range);
  checkView(caller, view);
  if (!Number.isInteger(columns) || columns < 1) {
    throw new VizError('INVALID_OPTION', `${caller}: width: expected a whole number of columns, got ${columns}.`);
  }
  if (color !== 'truecolor' && color !== '256' && color !== 'none') {
    throw new VizError('INVALID_OPTION', `${caller}: color: expected 'truecolor', '256' or 'none', got '${color}'.`);
  }
  const { iterationLabels } = options;
  if (iterationLabels !== undefined && iterationLabels.length !== iterations) {
    throw new VizError(
      'INVALID_OPTION',
      `${caller}: iterationLabels: expected ${iterations}, one for each, got ${iterationLabels.length}.`,
    );
  }
  const colors = Array.from({ length: groups }, (_, k) => groupRgb(k, options.palette ?? defaultPalette));

  const grid = { width, height, step: Math.ceil(width / columns) };
  const cell = Math.ceil(width / grid.step);
  const input = (values: ArrayLike<number>) =>
    color === 'none'
      ? shadeLines(meanOfChannels(values, channels), grid, range)
      : blockLines(paintInput(values, range, channels), grid, color);
  // Predictions with channels have colors of their own, which would hide those of the groups.
  const inOneColor = ({ prediction, assignment }: GroupIteration) =>
    channels === 1 ? { prediction, assignment } : { assignment };
  const painted = (iteration: GroupIteration) =>
    view === 'winner'
      ? paintWinners(iteration.assignment, size, colors)
      : paintGroups(inOneColor(iteration), size, indices(iteration.assignment.length / size), colors, range);
  const overlay = (iteration: GroupIteration) =>
    color === 'none'
      ? groupLines(inOneColor(iteration), size, grid, { view, range })
      : blockLines(painted(iteration), grid, color);

  const panels: Panel[] = [{ heading: 'input', lines: input(example.input), note: '' }];
  if (example.corrupted !== undefined) {
    panels.push({ heading: 'corrupted', lines: input(example.corrupted), note: '' });
  }
  example.iterations.forEach((iteration, i) => {
    const ami = iteration.ami === undefined ? '' : formatAmi(iteration.ami);
    panels.push({
      heading: iterationLabels?.[i] ?? fitting(cell, `iteration ${i + 1}`, `iter ${i + 1}`, String(i + 1)),
      lines: overlay(iteration),
      note: ami === '' ? '' : fitting(cell, `AMI ${ami}`, ami),
    });
  });

  const perRow = Math.max(1, Math.floor((columns + GAP.length) / (cell + GAP.length)));
  const rows: string[] = [];
  for (let start = 0; start < panels.length; start += perRow) {
    const row = panels.slice(start, start + perRow);
    rows.push(
      [
        textLine(row, cell, ({ heading }) => heading),
        ...(row[0] as Panel).lines.map((_, index) => row.map(({ lines }) => lines[index]).join(GAP)),
        ...(row.some(({ note }) => note !== '') ? [textLine(row, cell, ({ note }) => note)] : []),
      ]
        .map((line) => `${line.trimEnd()}\n`)
        .join(''),
    );
  }
  return rows.join('\n');
}

/** How elements map to characters: a character shows two blocks of `step` x `step` elements, one above the other. */
interface Grid {
  readonly width: number;
  readonly height: number;
  readonly step: number;
}

/** Calls `make` for each character, line by line, with the elements of its upper and lower block. */
function mapCells<T>(grid: Grid, make: (upper: readonly number[], lower: readonly number[]) => T): T[][] {
  const { width, height, step } = grid;
  const block = (row: number, column: number) => {
    const elements: number[] = [];
    for (let y = row; y < Math.min(height, row + step); y++) {
      for (let x = column; x < Math.min(width, column + step); x++) elements.push(y * width + x);
    }
    return elements;
  };
  const lines: T[][] = [];
  for (let row = 0; row < height; row += 2 * step) {
    const line: T[] = [];
    for (let column = 0; column < width; column += step) {
      line.push(make(block(row, column), block(row + step, column)));
    }
    lines.push(line);
  }
  return lines;
}

/** Draws upper half blocks: the foreground is the color of the upper element, the background that of the lower one. */
function blockLines(raster: Raster, grid: Grid, color: '256' | 'truecolor'): string[] {
  const mean = (elements: readonly number[]): Rgb => {
    const channel = (c: number) =>
      Math.round(elements.reduce((sum, n) => sum + (raster[3 * n + c] as number), 0) / Math.max(1, elements.length));
    return [channel(0), channel(1), channel(2)];
  };
  return mapCells(grid, (upper, lower) => ansiColors(mean(upper), mean(lower), color)).map((codes) => {
    let line = '';
    codes.forEach((code, index) => {
      line += (code === codes[index - 1] ? '' : code) + '\u2580';
    });
    return line + ANSI_RESET;
  });
}

function shadeLines(values: ArrayLike<number>, grid: Grid, [black, white]: ValueRange): string[] {
  return mapCells(grid, (upper, lower) => {
    const elements = [...upper, ...lower];
    const mean = elements.reduce((sum, n) => sum + (values[n] as number), 0) / elements.length;
    const shade = Math.round(((mean - black) / (white - black)) * (SHADES.length - 1));
    return SHADES[Math.min(SHADES.length - 1, Math.max(0, shade))] as string;
  }).map((line) => line.join(''));
}

/** The number of the strongest group: by m, or by m z if that is bright enough, otherwise a dot. */
function groupLines(
  { prediction, assignment }: Partial<GroupIteration> & Pick<GroupIteration, 'assignment'>,
  size: number,
  grid: Grid,
  { view, range: [black, white] }: { readonly view: GroupView; readonly range: ValueRange },
): string[] {
  const groups = indices(assignment.length / size);
  const strength = (k: number, n: number) => {
    const m = assignment[k * size + n] as number;
    return view === 'winner' || prediction === undefined
      ? m
      : (m * ((prediction[k * size + n] as number) - black)) / (white - black);
  };
  return mapCells(grid, (upper, lower) => {
    let best = view === 'winner' ? -Infinity : 0.5;
    let name = '.';
    for (const elements of [upper, lower]) {
      if (elements.length === 0) continue;
      for (const k of groups) {
        const mean = elements.reduce((total, n) => total + strength(k, n), 0) / elements.length;
        if (mean <= best) continue;
        best = mean;
        name = NAMES[k % NAMES.length] as string;
      }
    }
    return name;
  }).map((line) => line.join(''));
}

/** The first text that fits a panel, otherwise the last one. */
function fitting(cell: number, ...candidates: readonly string[]): string {
  return candidates.find((text) => text.length <= cell) ?? (candidates.at(-1) as string);
}

/** A line of text above or below a row of panels, each part cut to the width of its panel. */
function textLine(row: readonly Panel[], cell: number, text: (panel: Panel) => string): string {
  return row.map((panel) => text(panel).slice(0, cell).padEnd(cell)).join(GAP);
}

function indices(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
