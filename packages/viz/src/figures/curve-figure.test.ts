import { DOMParser, onWarningStopParsing, type Element } from '@xmldom/xmldom';
import { curveFigure, type CurveFigureOptions } from './curve-figure';

const parse = (svg: string) => new DOMParser({ onError: onWarningStopParsing }).parseFromString(svg, 'image/svg+xml');
const all = (svg: string, tag: string): Element[] => [...parse(svg).getElementsByTagName(tag)];
const texts = (svg: string) => all(svg, 'text').map((text) => text.textContent);
const curve = (svg: string, name: string) =>
  all(svg, 'path')
    .find((path) => path.getAttribute('data-series') === name)
    ?.getAttribute('d') ?? '';
/** Positions of the ticks of an axis. */
const ticks = (svg: string, axis: string) =>
  all(svg, 'path')
    .filter((path) => path.getAttribute('data-tick') === axis)
    .map((path) => path.getAttribute('d') ?? '');

const options: CurveFigureOptions = {
  xLabel: 'Iteration',
  yLabel: 'AMI',
  yDomain: [0, 1],
  series: [
    { name: 'layer', x: [1, 2, 3, 4, 5], y: [0.7, 0.9, 0.95, 0.96, 0.97] },
    { name: 'batch', x: [1, 2, 3, 4, 5], y: [0.58, 0.73, 0.77, 0.79, 0.79], dashed: true },
  ],
};

describe('curveFigure', () => {
  it('labels axes, ticks and curves', () => {
    const shown = texts(curveFigure({ ...options, title: 'Grouping', caption: 'Five iterations.' }));
    for (const text of ['Grouping', 'Five iterations.', 'Iteration', 'AMI', 'layer', 'batch'])
      expect(shown).toContain(text);
    for (const tick of ['1', '2', '3', '4', '5', '0.0', '0.2', '0.4', '0.6', '0.8', '1.0'])
      expect(shown).toContain(tick);
  });

  it('places points according to the axes', () => {
    const svg = curveFigure({ ...options, series: [{ name: 'a', x: [1, 5], y: [0, 1] }] });
    const [x1, y1, x2, y2] = curve(svg, 'a')
      .match(/[\d.]+/g)
      ?.map(Number) as [number, number, number, number];
    const columns = ticks(svg, 'x').map((d) => Number(/^M([\d.]+)/.exec(d)?.[1]));
    const rows = ticks(svg, 'y').map((d) => Number(/ ([\d.]+)H/.exec(d)?.[1]));
    expect([x1, x2]).toEqual([columns[0], columns.at(-1)]);
    expect([y1, y2]).toEqual([rows[0], rows.at(-1)]);
    expect(y1).toBeGreaterThan(y2);
  });

  it('spaces powers of ten evenly on a logarithmic axis', () => {
    const svg = curveFigure({
      ...options,
      logX: true,
      series: [{ name: 'a', x: [1, 10, 1000, 100_000], y: [0, 0, 0, 0] }],
    });
    const numbers = curve(svg, 'a')
      .match(/[\d.]+/g)
      ?.map(Number) as number[];
    const [a, b, c, d] = [0, 2, 4, 6].map((index) => numbers[index] as number) as [number, number, number, number];
    expect((c - b) / (b - a)).toBeCloseTo(2, 2);
    expect((d - c) / (b - a)).toBeCloseTo(2, 2);
    expect(texts(svg)).toEqual(expect.arrayContaining(['1', '10', '100', '1k', '10k', '100k']));
  });

  it('places ticks at 1, 2 and 5 on a short logarithmic axis, including both ends', () => {
    const svg = curveFigure({
      ...options,
      yDomain: undefined,
      logY: true,
      series: [{ name: 'a', x: [1, 2], y: [0.06, 0.3] }],
    });
    expect(texts(svg)).toEqual(expect.arrayContaining(['0.05', '0.1', '0.2', '0.5']));
    expect(ticks(svg, 'y')).toHaveLength(4);
  });

  it('abbreviates large steps', () => {
    const svg = curveFigure({ ...options, series: [{ name: 'a', x: [0, 50_000], y: [0, 1] }] });
    expect(texts(svg)).toEqual(expect.arrayContaining(['0', '10k', '50k']));
  });

  it('leaves gaps for non-finite y values', () => {
    const svg = curveFigure({ ...options, series: [{ name: 'a', x: [1, 2, 3, 4, 5], y: [0, 1, NaN, 1, 0] }] });
    expect(curve(svg, 'a').match(/M/g)).toHaveLength(2);
    expect(all(svg, 'circle')).toHaveLength(4);
  });

  it('draws a band', () => {
    const y = [0.5, 0.6];
    const svg = curveFigure({ ...options, series: [{ name: 'a', x: [1, 2], y, low: [0.4, 0.5], high: [0.6, 0.7] }] });
    const band = all(svg, 'path').filter((path) => path.getAttribute('fill-opacity') !== null);
    expect(band).toHaveLength(1);
    expect(band[0]?.getAttribute('d')).toMatch(/^M.*Z$/);
  });

  it('smooths with a bias-corrected exponential moving average', () => {
    const figure = (y: number[], smoothing?: number) =>
      curve(curveFigure({ ...options, series: [{ name: 'a', x: [1, 2, 3], y, smoothing }] }), 'a');
    // weights 1; 1/3, 2/3; 1/7, 2/7, 4/7
    expect(figure([0.7, 0, 0.7], 0.5)).toBe(figure([0.7, 0.7 / 3, 0.5]));
  });

  it('decimates long curves', () => {
    const x = Array.from({ length: 100_000 }, (_, i) => i);
    const svg = curveFigure({ ...options, series: [{ name: 'a', x, y: x.map((i) => Math.sin(i) ** 2) }] });
    expect(svg.length).toBeLessThan(60_000);
  });

  it('draws dots for few points, or on request', () => {
    const x = Array.from({ length: 25 }, (_, i) => i);
    const circles = (markers?: boolean) =>
      all(curveFigure({ ...options, series: [{ name: 'a', x, y: x.map(() => 0.5), markers }] }), 'circle').length;
    expect([circles(), circles(true), circles(false)]).toEqual([0, 25, 0]);
  });

  it('colors curves in the order of the theme, or as requested', () => {
    const strokes = (more: Partial<CurveFigureOptions>) =>
      all(curveFigure({ ...options, ...more }), 'path')
        .filter((path) => path.hasAttribute('data-series'))
        .map((path) => path.getAttribute('stroke'));
    expect(strokes({})).toEqual(['#0072b2', '#d55e00']);
    expect(strokes({ theme: 'dark' })).toEqual(['#56b4e9', '#d55e00']);
    expect(strokes({ palette: ['#111111', '#222222'] })).toEqual(['#111111', '#222222']);
  });

  it('draws dashes', () => {
    const svg = curveFigure(options);
    const dashed = all(svg, 'path').filter((path) => path.hasAttribute('stroke-dasharray'));
    expect(dashed.map((path) => path.getAttribute('data-series'))).toContain('batch');
    expect(dashed.map((path) => path.getAttribute('data-series'))).not.toContain('layer');
  });

  it('draws a single point and an empty curve', () => {
    const series = [
      { name: 'one', x: [3], y: [0.5] },
      { name: 'none', x: [], y: [] },
    ];
    const svg = curveFigure({ xLabel: 'x', yLabel: 'y', series });
    expect(texts(svg)).toEqual(expect.arrayContaining(['one', 'none', '3']));
    expect(svg).not.toContain('NaN');
  });

  it('escapes every text', () => {
    const text = `<b a="1">&'`;
    const svg = curveFigure({
      title: text,
      caption: text,
      xLabel: text,
      yLabel: text,
      series: [
        { name: text, x: [1], y: [1] },
        { name: text, x: [1], y: [1] },
      ],
    });
    expect(all(svg, 'b')).toHaveLength(0);
    expect(texts(svg).filter((shown) => shown === text)).toHaveLength(6);
  });

  it('omits the background on request', () => {
    expect(all(curveFigure(options), 'rect')).toHaveLength(1);
    expect(all(curveFigure({ ...options, transparent: true }), 'rect')).toHaveLength(0);
  });

  const x = [1, 2];
  it.each([
    ['INVALID_OPTION', { series: [] }],
    ['INVALID_SHAPE', { series: [{ name: 'a', x, y: [1] }] }],
    ['INVALID_SHAPE', { series: [{ name: 'a', x, y: x, low: [1], high: x }] }],
    ['INVALID_OPTION', { series: [{ name: 'a', x, y: x, low: x }] }],
    ['NON_FINITE', { series: [{ name: 'a', x: [1, NaN], y: x }] }],
    ['INVALID_OPTION', { series: [{ name: 'a', x, y: x, smoothing: 1 }] }],
    ['INVALID_OPTION', { series: [{ name: 'a', x, y: x, color: 'red' }] }],
    ['INVALID_OPTION', { series: [{ name: 'a', x: [0, 1], y: x }], logX: true }],
    ['INVALID_OPTION', { series: [{ name: 'a', x, y: [-1, 1] }], logY: true, yDomain: undefined }],
    ['INVALID_OPTION', { yDomain: [1, 0] as const }],
    ['INVALID_OPTION', { logX: true, xDomain: [0, 5] as const }],
    ['INVALID_OPTION', { width: 10 }],
    ['INVALID_OPTION', { plotHeight: NaN }],
    ['INVALID_OPTION', { theme: 'sepia' as never }],
  ])('throws %s for %j', (code, wrong) => {
    expect(() => curveFigure({ ...options, ...wrong })).toThrow(expect.objectContaining({ name: 'VizError', code }));
  });
});
