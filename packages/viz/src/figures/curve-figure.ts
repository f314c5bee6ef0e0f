import { scaleLinear, scaleLog } from '@visx/vendor/d3-scale';
import { area, line } from '@visx/vendor/d3-shape';
import { formatColor, parseColor } from '../color';
import { decimate } from './decimate';
import { groupColor, palette as defaultPalette } from '../palette';
import { element, formatCoordinate, roundCoordinate, svgDocument, textElement, type AttributeValue } from '../svg/svg';
import { textWidth, wrapText } from '../svg/text-layout';
import { type FigureGround, themeColors } from '../svg/theme';
import { VizError } from '../viz-error';

/** One curve. */
export interface CurveSeries {
  /** Its name in the legend. */
  readonly name: string;
  /** Finite x values; above 0 on a logarithmic axis. */
  readonly x: ArrayLike<number>;
  /** y values, one for each `x`. NaN and infinite values leave a gap. */
  readonly y: ArrayLike<number>;
  /** Lower edge of a band around the curve, such as the minimum over several runs; one value for each `x`. */
  readonly low?: ArrayLike<number> | undefined;
  /** Upper edge of the band. */
  readonly high?: ArrayLike<number> | undefined;
  /** `'#rrggbb'`. @default the next color of the palette */
  readonly color?: string | undefined;
  /**
   * Weight of the past in an exponential moving average (EMA), in [0, 1): 0.9 averages over about ten points. The raw curve
   * is drawn faintly behind the average. @default 0, no smoothing
   */
  readonly smoothing?: number | undefined;
  /** Whether the line is dashed, for example for a baseline. @default false */
  readonly dashed?: boolean | undefined;
  /** Whether to draw a dot at each point. @default true for up to 24 points */
  readonly markers?: boolean | undefined;
}

/** Options of {@link curveFigure}. */
export interface CurveFigureOptions extends FigureGround {
  /** The curves: at least one. */
  readonly series: readonly CurveSeries[];
  /** Label of the x axis, such as `'Step'`. */
  readonly xLabel: string;
  /** Label of the y axis, such as `'Denoising cost'`. */
  readonly yLabel: string;
  /** A title above the figure. @default none */
  readonly title?: string | undefined;
  /** A caption below it. @default none */
  readonly caption?: string | undefined;
  /** Whether the x axis is logarithmic. @default false */
  readonly logX?: boolean | undefined;
  /** Whether the y axis is logarithmic. @default false */
  readonly logY?: boolean | undefined;
  /** Limits of the x axis. @default the smallest and the largest x */
  readonly xDomain?: readonly [number, number] | undefined;
  /** Limits of the y axis. @default round numbers around the values */
  readonly yDomain?: readonly [number, number] | undefined;
  /** Width of the figure in SVG units, at least 240. @default 640 */
  readonly width?: number | undefined;
  /** Height of the plot area in SVG units, at least 80. @default 280 */
  readonly plotHeight?: number | undefined;
  /** The curves' colors, `'#rrggbb'`. @default {@link palette}, in an order that suits the theme */
  readonly palette?: readonly string[] | undefined;
}

const MARGIN = 24;
const TITLE_SIZE = 16;
const LABEL_SIZE = 12;
const TICK_SIZE = 11;
const LEGEND_SIZE = 12;
const LEGEND_LEADING = 20;
const CAPTION_SIZE = 12;
const CAPTION_LEADING = 18;
const MOST_MARKERS = 24;

/**
 * Draws a line chart as SVG text, with grid lines, a legend and optional bands. Axes are linear or logarithmic.
 *
 * Long curves are decimated to the first, smallest, largest and last point of each one-unit column, which draws the same line.
 *
 * @param options curves and axes
 * @returns an SVG document
 * @throws VizError `INVALID_SHAPE` when arrays of a series differ in length, `NON_FINITE` when an x is NaN or infinite,
 *   `INVALID_OPTION` when an option is out of range, or a value on a logarithmic axis is 0 or less
 */
export function curveFigure(options: CurveFigureOptions): string {
  const { series, xLabel, yLabel, title, caption, logX = false, logY = false } = options;
  const { width = 640, plotHeight = 280, transparent = false } = options;
  checkSeries(series, logX, logY);
  checkAtLeast('width', width, 240);
  checkAtLeast('plotHeight', plotHeight, 80);
  const theme = themeColors(options.theme ?? 'light');
  const colors = series.map(({ color }, index) =>
    color === undefined ? seriesColor(index, options.palette, theme.curveOrder) : formatColor(parseColor(color)),
  );

  // Scale domains. Their ranges follow once the width of the tick labels is known.
  const xValues = series.flatMap((one) => finite(one.x));
  const yValues = series.flatMap((one) => [one.y, one.low, one.high].flatMap((values) => finite(values)));
  const xDomain = checkDomain('xDomain', options.xDomain, logX) ?? extent(xValues, logX);
  const yDomain = checkDomain('yDomain', options.yDomain, logY);
  const x = (logX ? scaleLog() : scaleLinear()).domain(xDomain);
  const yExtent = extent(yValues, logY);
  const y = logY
    ? scaleLog().domain(yDomain ?? niceLogarithms(yExtent))
    : yDomain === undefined
      ? scaleLinear().domain(yExtent).nice()
      : scaleLinear().domain(yDomain);

  const yTicks = chooseTicks(y, Math.max(2, Math.round(plotHeight / 55)), false);
  const left = MARGIN + LABEL_SIZE + 12 + Math.max(...yTicks.map(({ label }) => textWidth(label, TICK_SIZE))) + 8;
  const right = width - MARGIN;
  const xTicks = chooseTicks(x, Math.max(2, Math.round((right - left) / 80)), xValues.every(Number.isInteger));

  const children: string[] = [];
  let top = MARGIN;
  if (title !== undefined) {
    top += TITLE_SIZE;
    children.push(
      textElement(title, { x: MARGIN, y: top - 2, 'font-size': TITLE_SIZE, 'font-weight': 600, fill: theme.text }),
    );
    top += 14;
  }

  // Legend: above the plot, wrapped to several lines if needed.
  if (series.length > 1) {
    let at = left;
    series.forEach((one, index) => {
      const advance = 28 + textWidth(one.name, LEGEND_SIZE) + 20;
      if (at > left && at + advance - 20 > right) {
        at = left;
        top += LEGEND_LEADING;
      }
      const middle = top + LEGEND_LEADING / 2;
      children.push(
        element('path', { d: `M${at} ${middle}h20`, ...strokeOf(one, colors[index] as string) }),
        ...(hasMarkers(one) ? [element('circle', { cx: at + 10, cy: middle, r: 3, fill: colors[index] })] : []),
        textElement(one.name, { x: at + 28, y: middle + 4, 'font-size': LEGEND_SIZE, fill: theme.text }),
      );
      at += advance;
    });
    top += LEGEND_LEADING + 10;
  }

  const bottom = top + plotHeight;
  x.range([left, right]);
  y.range([bottom, top]);

  // Grid and axes.
  const tickText = { 'font-size': TICK_SIZE, fill: theme.muted };
  for (const { value, label } of yTicks) {
    const at = y(value);
    children.push(
      element('path', {
        d: `M${formatCoordinate(left)} ${formatCoordinate(at)}H${formatCoordinate(right)}`,
        stroke: theme.faint,
        'data-tick': 'y',
      }),
      textElement(label, { x: left - 8, y: at + 4, 'text-anchor': 'end', ...tickText }),
    );
  }
  children.push(
    element('path', {
      d: `M${formatCoordinate(left)} ${formatCoordinate(bottom)}H${formatCoordinate(right)}`,
      stroke: theme.line,
    }),
  );
  for (const { value, label } of xTicks) {
    const at = x(value);
    children.push(
      element('path', {
        d: `M${formatCoordinate(at)} ${formatCoordinate(bottom)}v5`,
        stroke: theme.line,
        'data-tick': 'x',
      }),
      textElement(label, { x: at, y: bottom + 18, 'text-anchor': 'middle', ...tickText }),
    );
  }
  const labelText = { 'font-size': LABEL_SIZE, fill: theme.text, 'text-anchor': 'middle' };
  const middleY = (top + bottom) / 2;
  children.push(
    textElement(xLabel, { x: (left + right) / 2, y: bottom + 40, ...labelText }),
    textElement(yLabel, {
      x: MARGIN + LABEL_SIZE - 2,
      y: middleY,
      transform: `rotate(-90 ${formatCoordinate(MARGIN + LABEL_SIZE - 2)} ${formatCoordinate(middleY)})`,
      ...labelText,
    }),
  );

  // Curves, clipped to the plot by a nested svg: a clip path would need an id that is unique on the page.
  const plot = { x: left, y: top, width: right - left, height: plotHeight };
  const curves = series.map((one, index) => {
    const color = colors[index] as string;
    const pointsOf = (values: ArrayLike<number>) =>
      decimate(
        Array.from({ length: one.x.length }, (_, i) => [x(one.x[i] as number), y(values[i] as number)] as const),
      );
    const smoothing = one.smoothing ?? 0;
    const points = pointsOf(smoothing > 0 ? smoothed(one.y, smoothing) : one.y);
    const marks: string[] = [];
    const { low, high } = one;
    if (low !== undefined && high !== undefined) {
      const band = area<number>()
        .defined((i) => Number.isFinite(low[i]) && Number.isFinite(high[i]))
        .x((i) => roundCoordinate(x(one.x[i] as number)))
        .y0((i) => roundCoordinate(y(low[i] as number)))
        .y1((i) => roundCoordinate(y(high[i] as number)))(Array.from({ length: one.x.length }, (_, i) => i));
      if (band !== null) marks.push(element('path', { d: band, fill: color, 'fill-opacity': '0.16' }));
    }
    const path = line<readonly [number, number]>()
      .defined(([, at]) => Number.isFinite(at))
      .x(([at]) => roundCoordinate(at))
      .y(([, at]) => roundCoordinate(at));
    if (smoothing > 0) {
      const faint = { ...strokeOf(one, color), 'stroke-width': 1, 'stroke-opacity': '0.3' };
      marks.push(element('path', { d: path(pointsOf(one.y)) ?? '', ...faint }));
    }
    marks.push(element('path', { d: path(points) ?? '', ...strokeOf(one, color), 'data-series': one.name }));
    if (hasMarkers(one)) {
      for (const [cx, cy] of points) {
        if (Number.isFinite(cy)) marks.push(element('circle', { cx, cy, r: 3, fill: color }));
      }
    }
    return marks.join('');
  });
  // The clip window is slightly larger than the plot, so that lines and dots at the edge keep their full width.
  const window = { x: plot.x - 4, y: plot.y - 4, width: plot.width + 8, height: plot.height + 8 };
  children.push(
    element(
      'svg',
      {
        ...window,
        viewBox: [window.x, window.y, window.width, window.height].map(formatCoordinate).join(' '),
        overflow: 'hidden',
      },
      curves,
    ),
  );

  let end = bottom + 44;
  if (caption !== undefined) {
    end += 8;
    for (const text of wrapText(caption, CAPTION_SIZE, width - 2 * MARGIN)) {
      end += CAPTION_LEADING;
      children.push(textElement(text, { x: MARGIN, y: end - 4, 'font-size': CAPTION_SIZE, fill: theme.muted }));
    }
  }

  return svgDocument({
    width,
    height: end + MARGIN - 4,
    title: title ?? `${yLabel} over ${xLabel}`,
    description: caption ?? `${yLabel} over ${xLabel}: ${series.map(({ name }) => name).join(', ')}.`,
    background: transparent ? undefined : theme.background,
    children,
  });
}

type Scale = ReturnType<typeof scaleLinear<number>> | ReturnType<typeof scaleLog<number>>;

/** Picks round tick values and formats their labels. `integers`: keeps whole numbers only. */
function chooseTicks(scale: Scale, count: number, integers: boolean): { value: number; label: string }[] {
  const [from, to] = scale.domain() as [number, number];
  const large = Math.max(Math.abs(from), Math.abs(to)) >= 10_000;
  if ('base' in scale) {
    // '~s' formats 20000 as 20k, but 0.02 as 20m, so small values use '~g'.
    const format = scale.tickFormat(Infinity, from >= 1 ? '~s' : '~g');
    const values = isNarrow(from, to) ? roundLogarithms(from, to) : scale.ticks(count);
    const labeled = scale.tickFormat(count, '~g');
    return values
      .filter((value) => isNarrow(from, to) || labeled(value) !== '')
      .map((value) => ({ value, label: format(value) }));
  }
  const format = scale.tickFormat(count, large ? '~s' : integers ? ',d' : undefined);
  return scale
    .ticks(count)
    .filter((value) => !integers || Number.isInteger(value))
    .map((value) => ({ value, label: large && value === 0 ? '0' : format(value) }));
}

/** Whether a logarithmic axis spans too few powers of ten to have ticks only there. */
function isNarrow(from: number, to: number): boolean {
  return Math.log10(to / from) <= 3;
}

/** The numbers between two limits that are 1, 2 or 5 times a power of ten. */
function roundLogarithms(from: number, to: number): number[] {
  const values: number[] = [];
  for (let power = Math.floor(Math.log10(from)); power <= Math.ceil(Math.log10(to)); power++) {
    values.push(...[1, 2, 5].map((digit) => Number(`${digit}e${power}`)));
  }
  return values.filter((value) => value >= from && value <= to);
}

/** Extends a domain to the nearest {@link roundLogarithms}, or to powers of ten for a wide domain. */
function niceLogarithms([from, to]: [number, number]): [number, number] {
  const around = isNarrow(from, to)
    ? roundLogarithms(from / 10, to * 10)
    : Array.from({ length: 700 }, (_, index) => Number(`1e${index - 350}`));
  return [around.filter((value) => value <= from).at(-1) ?? from, around.find((value) => value >= to) ?? to];
}

/** Exponential moving average with bias correction. Gaps are skipped and stay gaps. */
function smoothed(values: ArrayLike<number>, weight: number): number[] {
  let average = 0;
  let total = 0;
  return Array.from(values, (value) => {
    if (!Number.isFinite(value)) return NaN;
    average = weight * average + (1 - weight) * value;
    total = weight * total + (1 - weight);
    return average / total;
  });
}

function strokeOf(series: CurveSeries, color: string): Readonly<Record<string, AttributeValue>> {
  return {
    fill: 'none',
    stroke: color,
    'stroke-width': 2,
    'stroke-linejoin': 'round',
    'stroke-linecap': series.dashed ? 'butt' : 'round',
    'stroke-dasharray': series.dashed ? '6 4' : undefined,
  };
}

function hasMarkers({ markers, x }: CurveSeries): boolean {
  return markers ?? x.length <= MOST_MARKERS;
}

function seriesColor(index: number, colors: readonly string[] | undefined, order: readonly number[]): string {
  if (colors !== undefined) return groupColor(index, colors);
  const round = Math.floor(index / order.length);
  return groupColor((order[index % order.length] as number) + round * order.length, defaultPalette);
}

function finite(values: ArrayLike<number> | undefined): number[] {
  return values === undefined ? [] : Array.from(values).filter((value) => Number.isFinite(value));
}

/** Smallest and largest value. Widens the range if they are equal, and has a default for an empty list. */
function extent(values: readonly number[], logarithmic: boolean): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) return logarithmic ? [1, 10] : [0, 1];
  if (low < high) return [low, high];
  const margin = Math.abs(low) / 2 || 0.5;
  return logarithmic ? [low / 2, high * 2] : [low - margin, high + margin];
}

function checkSeries(series: readonly CurveSeries[], logX: boolean, logY: boolean): void {
  if (series.length === 0)
    throw new VizError('INVALID_OPTION', 'curveFigure: series: expected at least one, got none.');
  series.forEach((one, index) => {
    const where = `curveFigure: series[${index}] (${JSON.stringify(one.name)})`;
    for (const key of ['y', 'low', 'high'] as const) {
      const values = one[key];
      if (values === undefined) continue;
      if (values.length !== one.x.length) {
        throw new VizError(
          'INVALID_SHAPE',
          `${where}: ${key}: expected ${one.x.length} values, as many as x, got ${values.length}.`,
        );
      }
      if (logY) checkPositive(`${where}: ${key}`, 'logY', values);
    }
    if ((one.low === undefined) !== (one.high === undefined)) {
      throw new VizError('INVALID_OPTION', `${where}: a band needs both low and high.`);
    }
    for (let i = 0; i < one.x.length; i++) {
      if (!Number.isFinite(one.x[i])) {
        throw new VizError('NON_FINITE', `${where}: x[${i}] is ${one.x[i]}; only y may have gaps.`);
      }
    }
    const { smoothing = 0 } = one;
    if (!(smoothing >= 0 && smoothing < 1)) {
      throw new VizError('INVALID_OPTION', `${where}: smoothing: expected a number in [0, 1), got ${smoothing}.`);
    }
    if (logX) checkPositive(`${where}: x`, 'logX', one.x);
  });
}

function checkPositive(what: string, option: string, values: ArrayLike<number>): void {
  for (let i = 0; i < values.length; i++) {
    if ((values[i] as number) <= 0) {
      throw new VizError(
        'INVALID_OPTION',
        `${what}[${i}] is ${values[i]}: a logarithmic axis shows values above 0 only. Leave such points out, or leave out ${option}.`,
      );
    }
  }
}

function checkDomain(
  option: string,
  domain: readonly [number, number] | undefined,
  logarithmic: boolean,
): [number, number] | undefined {
  if (domain === undefined) return undefined;
  const [from, to] = domain;
  if (!Number.isFinite(from) || !Number.isFinite(to) || from >= to || (logarithmic && from <= 0)) {
    throw new VizError(
      'INVALID_OPTION',
      `curveFigure: ${option}: expected two rising finite numbers${logarithmic ? ' above 0' : ''}, ` +
        `got [${domain.join(', ')}].`,
    );
  }
  return [from, to];
}

function checkAtLeast(option: string, value: number, least: number): void {
  if (!Number.isFinite(value) || value < least) {
    throw new VizError('INVALID_OPTION', `curveFigure: ${option}: expected a number from ${least}, got ${value}.`);
  }
}
