import { DOMParser, onWarningStopParsing } from '@xmldom/xmldom';
import { convertIndexedToRgb, decode } from 'fast-png';

import { parseColor } from '../color';
import { exampleFigure, type ExampleFigureOptions } from './example-figure';
import { palette } from '../palette';

const parse = (svg: string) => new DOMParser({ onError: onWarningStopParsing }).parseFromString(svg, 'image/svg+xml');
const all = (svg: string, tag: string) => [...parse(svg).getElementsByTagName(tag)];
const panels = (svg: string, name: string) =>
  all(svg, 'image').filter((image) => image.getAttribute('data-panel') === name);

/** The RGB pixels of an embedded image. */
function pixels(image: ReturnType<typeof all>[number] | undefined): number[][] {
  const png = decode(Buffer.from((image?.getAttribute('href') ?? '').split(',')[1] ?? '', 'base64'));
  const bytes = png.palette ? convertIndexedToRgb(png) : png.data;
  return Array.from({ length: png.width * png.height }, (_, n) => [...bytes.subarray(3 * n, 3 * n + 3)]);
}

// 2 x 3, N = 6
const example = { input: [0, 1, 1, 0, 0.5, 1], segments: new Uint8Array([255, 0, 0, 255, 2, 2]) };
const options: ExampleFigureOptions = { inputShape: [2, 3], examples: Array(6).fill(example) };

describe('exampleFigure', () => {
  it('draws the input and the colored segments of each example', () => {
    const svg = exampleFigure(options);
    expect([panels(svg, 'input').length, panels(svg, 'segments').length]).toEqual([6, 6]);
    expect(pixels(panels(svg, 'input')[0])).toEqual([0, 255, 255, 0, 128, 255].map((gray) => [gray, gray, gray]));
    const [first, , third] = palette.map((color) => [...parseColor(color)]);
    const drawn = pixels(panels(svg, 'segments')[5]);
    expect([drawn[1], drawn[4]]).toEqual([first, third]);
    expect(palette.map((color) => [...parseColor(color)])).not.toContainEqual(drawn[0]);
  });

  it('starts a new row after the given number of columns', () => {
    const places = panels(exampleFigure({ ...options, columns: 2 }), 'input').map((image) => [
      Number(image.getAttribute('x')),
      Number(image.getAttribute('y')),
    ]);
    expect(new Set(places.map(([x]) => x)).size).toBe(2);
    expect(new Set(places.map(([, y]) => y)).size).toBe(3);
  });

  it('draws only inputs, without a legend, for examples without segments', () => {
    const svg = exampleFigure({ ...options, examples: [{ input: example.input }] });
    expect([panels(svg, 'input').length, panels(svg, 'segments').length]).toEqual([1, 0]);
    expect(all(svg, 'text')).toHaveLength(0);
  });

  it('labels segments, unscored elements and examples', () => {
    const svg = exampleFigure({
      ...options,
      examples: [{ ...example, label: 'a <b>' }],
      segmentLabels: ['ground', 'none', 'digit'],
      title: 'T',
      caption: 'C',
    });
    expect(all(svg, 'text').map((text) => text.textContent)).toEqual([
      'T',
      'a <b>',
      'ground',
      'digit',
      'Not scored',
      'C',
    ]);
  });

  it('widens columns for long labels', () => {
    const label = 'a label that is far longer than one small image is wide';
    const svg = exampleFigure({ ...options, columns: 2, examples: [{ input: example.input, label }, example] });
    const [first, second] = panels(svg, 'input').map((image) => Number(image.getAttribute('x')));
    expect(second! - first!).toBeGreaterThan(11 * 0.4 * label.length);
  });

  it('has a background, or none', () => {
    const grounds = (svg: string) => all(svg, 'rect').filter((rect) => rect.getAttribute('width') === '376').length;
    expect(grounds(exampleFigure({ ...options, columns: 1 }))).toBe(1);
    expect(grounds(exampleFigure({ ...options, columns: 1, transparent: true }))).toBe(0);
  });

  it.each([
    [{ columns: 0 }, 'INVALID_OPTION'],
    [{ pixelSize: 0 }, 'INVALID_OPTION'],
    [{ examples: [] }, 'INVALID_OPTION'],
    [{ range: [1, 1] as const }, 'INVALID_OPTION'],
    [{ examples: [{ input: [1] }] }, 'INVALID_SHAPE'],
    [{ examples: [{ input: [0, 0, 0, 0, 0, NaN] }] }, 'NON_FINITE'],
  ])('refuses %j', (wrong, code) => {
    expect(() => exampleFigure({ ...options, ...wrong })).toThrow(expect.objectContaining({ name: 'VizError', code }));
  });
});
