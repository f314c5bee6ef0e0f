import { DOMParser, onWarningStopParsing, type Element } from '@xmldom/xmldom';
import { convertIndexedToRgb, decode } from 'fast-png';
import { parseColor } from '../color';
import type { GroupExample } from '../group-example';
import { groupFigure, type GroupFigureOptions } from './group-figure';
import { palette } from '../palette';

const parse = (svg: string) => new DOMParser({ onError: onWarningStopParsing }).parseFromString(svg, 'image/svg+xml');
const all = (root: { getElementsByTagName(tag: string): Iterable<Element> }, tag: string) => [
  ...root.getElementsByTagName(tag),
];
const texts = (svg: string) => all(parse(svg), 'text').map((text) => text.textContent);
const panels = (svg: string, name: string) =>
  all(parse(svg), 'image').filter((image) => image.getAttribute('data-panel') === name);
const number = (node: Element | undefined, name: string) => Number(node?.getAttribute(name));

/** The RGB pixels of an embedded image. */
function pixels(image: Element | undefined): number[][] {
  const [head, data] = (image?.getAttribute('href') ?? '').split(',');
  expect(head).toBe('data:image/png;base64');
  const png = decode(Buffer.from(data ?? '', 'base64'), { checkCrc: true });
  const bytes = png.palette ? convertIndexedToRgb(png) : png.data;
  return Array.from({ length: png.width * png.height }, (_, n) => [...bytes.subarray(3 * n, 3 * n + 3)]);
}

// 2 x 3, N = 6, K = 2, T = 2
const example: GroupExample = {
  input: [0, 1, 1, 0, 0.5, 1],
  corrupted: new Float32Array([1, 1, 0, 0, 1, 1]),
  segments: new Uint8Array([255, 0, 0, 255, 1, 1]),
  iterations: [
    { prediction: new Float32Array(12).fill(0.5), assignment: new Float32Array(12).fill(0.5), ami: 0 },
    {
      prediction: [0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0.5, 1],
      assignment: [0.5, 1, 1, 0.5, 0, 0, 0.5, 0, 0, 0.5, 1, 1],
      ami: 0.876,
    },
  ],
};
const options: GroupFigureOptions = { inputShape: [2, 3], examples: [example, example] };
const [first, second] = palette.map((color) => [...parseColor(color)]) as [number[], number[]];
const BLACK = [0, 0, 0];
const WHITE = [255, 255, 255];

describe('groupFigure', () => {
  it('draws a panel for each input, iteration and group of each example', () => {
    const svg = groupFigure(options);
    for (const [name, count] of Object.entries({
      input: 2,
      corrupted: 2,
      segments: 2,
      overlay: 4,
      'group-1': 4,
      'group-2': 4,
    })) {
      expect([name, panels(svg, name).length]).toEqual([name, count]);
    }
    expect(all(parse(svg), 'image')).toHaveLength(18);
  });

  it('draws the input in gray', () => {
    const [input] = panels(groupFigure(options), 'input');
    expect(pixels(input)).toEqual([BLACK, WHITE, WHITE, BLACK, [128, 128, 128], WHITE]);
  });

  it('draws each group in its color, masked by its assignment', () => {
    const svg = groupFigure(options);
    expect(pixels(panels(svg, 'group-1')[1])).toEqual([BLACK, first, first, BLACK, BLACK, BLACK]);
    const half = second.map((channel) => Math.round(channel / 2));
    expect(pixels(panels(svg, 'group-2')[1])).toEqual([BLACK, BLACK, BLACK, BLACK, half, second]);
  });

  it('draws color images and predictions in their colors, and the groups in theirs', () => {
    const [red, blue] = [
      [255, 0, 0],
      [0, 0, 255],
    ];
    const input = [1, 0, 0, 0, 0, 1];
    const iterations = [{ prediction: [...input, ...input], assignment: [1, 0, 0, 1] }];
    const svg = groupFigure({ inputShape: [1, 2, 3], examples: [{ input, segments: [0, 1], iterations }] });
    expect(pixels(panels(svg, 'input')[0])).toEqual([red, blue]);
    expect(pixels(panels(svg, 'group-1')[0])).toEqual([red, BLACK]);
    expect(pixels(panels(svg, 'group-2')[0])).toEqual([BLACK, blue]);
    expect(pixels(panels(svg, 'overlay')[0])).toEqual([first, second]);
    expect(pixels(panels(svg, 'segments')[0])).toEqual([first, second]);
  });

  it('draws the sum over groups', () => {
    const svg = groupFigure(options);
    const mixed = first.map((channel, c) => Math.round((channel + (second[c] as number)) / 4));
    expect(pixels(panels(svg, 'overlay')[0])).toEqual(new Array(6).fill(mixed));
    const half = second.map((channel) => Math.round(channel / 2));
    expect(pixels(panels(svg, 'overlay')[1])).toEqual([BLACK, first, first, BLACK, half, second]);
  });

  it('draws the winning group of each element in full color instead', () => {
    const svg = groupFigure({ ...options, view: 'winner' });
    expect(panels(svg, 'overlay')).toEqual([]);
    const last = example.iterations.at(-1)!.assignment;
    const expected = Array.from({ length: 6 }, (_, n) => (last[6 + n]! > last[n]! ? second : first));
    expect(pixels(panels(svg, 'winners')[1])).toEqual(expected);
    expect(expected).toEqual(expect.arrayContaining([first, second]));
  });

  it('draws segments in the color of the group that found them', () => {
    const [gray, ...rest] = pixels(panels(groupFigure(options), 'segments')[0]);
    expect(rest).toEqual([first, first, gray, second, second]);
    expect(texts(groupFigure(options))).toContain('Not scored');
  });

  it('draws more than 256 colors without loss', () => {
    const size = 400;
    const prediction = Float32Array.from({ length: 2 * size }, (_, n) => (n % size) / size);
    const assignment = Float32Array.from(
      { length: 2 * size },
      (_, n) => (n < size ? (n * 7) % size : size - ((n * 7) % size)) / size,
    );
    const examples = [{ input: prediction.slice(0, size), iterations: [{ prediction, assignment }] }];
    const shown = pixels(panels(groupFigure({ inputShape: [20, 20], examples }), 'overlay')[0]);
    expect(new Set(shown.map(String)).size).toBeGreaterThan(256);
    const expected = [0, 1, 2].map((c) =>
      Math.round(
        ((first[c] as number) * (assignment[39] as number) +
          (second[c] as number) * (assignment[39 + size] as number)) *
          (prediction[39] as number),
      ),
    );
    expect(shown[39]).toEqual(expected);
  });

  it('scales the requested range of values', () => {
    const [input] = panels(groupFigure({ ...options, range: [0.5, 1.5] }), 'input');
    expect(pixels(input)[1]).toEqual([128, 128, 128]);
  });

  it('draws square elements of whole units, and sharp images', () => {
    const svg = groupFigure(options);
    const [input] = panels(svg, 'input');
    expect(number(input, 'width') / 3).toBe(number(input, 'height') / 2);
    expect(Number.isInteger(number(input, 'width') / 3)).toBe(true);
    const [group] = panels(svg, 'group-1');
    expect(number(group, 'width') / 3).toBe(number(group, 'height') / 2);
    expect(Number.isInteger(number(group, 'width') / 3)).toBe(true);
    const row = input?.parentNode as Element;
    expect(row.getAttribute('style')).toBe('image-rendering:pixelated');
    expect(row.getAttribute('image-rendering')).toBe('optimizeSpeed');
  });

  it.each([1, 2, 3, 4, 5, 7, 8, 9, 12])('keeps %i groups within the cell, without overlap', (K) => {
    const values = new Float32Array(K * 6).fill(1 / K);
    const examples = [{ input: example.input, iterations: [{ prediction: values, assignment: values }] }];
    const svg = groupFigure({ inputShape: [2, 3], examples });
    const boxes = ['overlay', ...Array.from({ length: K }, (_, k) => `group-${k + 1}`)].map((name) => {
      const [image] = panels(svg, name);
      const [x, y] = [number(image, 'x'), number(image, 'y')];
      return { x, y, right: x + number(image, 'width'), bottom: y + number(image, 'height') };
    });
    const [overlay] = boxes as [(typeof boxes)[0]];
    boxes.forEach((a, i) => {
      // The large panel's frame is one unit wide.
      expect(a.y).toBeGreaterThanOrEqual(overlay.y - 1);
      expect(a.bottom).toBeLessThanOrEqual(overlay.bottom + 1.01);
      expect(a.right).toBeLessThanOrEqual(number(parse(svg).documentElement ?? undefined, 'width'));
      for (const b of boxes.slice(i + 1)) {
        expect(a.right <= b.x + 0.01 || b.right <= a.x + 0.01 || a.bottom <= b.y + 0.01 || b.bottom <= a.y + 0.01).toBe(
          true,
        );
      }
    });
  });

  it('writes the AMI of each example at each iteration', () => {
    expect(texts(groupFigure(options)).filter((text) => /^[\d.]+$/.test(text ?? ''))).toEqual([
      '0.00',
      '0.88',
      '0.00',
      '0.88',
    ]);
  });

  it.each([
    [NaN, '\u2013'],
    [-0.004, '0.00'],
    [-0.02, '\u22120.02'],
    [1, '1.00'],
  ])('writes an AMI of %d as %s', (ami, written) => {
    const iterations = example.iterations.map((iteration) => ({ ...iteration, ami }));
    expect(texts(groupFigure({ ...options, examples: [{ ...example, iterations }] }))).toContain(written);
  });

  it('draws the AMI as a bar from 0 to 1', () => {
    const bars = all(parse(groupFigure(options)), 'rect').filter((rect) => rect.getAttribute('height') === '4');
    // For each example: an empty track for 0, then a track with a bar.
    const [, track, bar] = bars;
    expect(bars).toHaveLength(6);
    expect(number(bar, 'width') / number(track, 'width')).toBeCloseTo(0.876, 3);
  });

  it('labels iterations, groups and examples', () => {
    const plain = texts(groupFigure(options));
    for (const text of ['Input', 'Corrupted', 'Segments', 'Iteration 2', 'Group 2']) expect(plain).toContain(text);
    const named = texts(
      groupFigure({
        ...options,
        examples: [{ ...example, label: 'test 17' }],
        title: 'Shapes',
        caption: 'A caption.',
        iterationLabels: ['i1', 'i2'],
        iterationNotes: ['n1', 'n2'],
        groupLabels: ['g1', 'g2'],
      }),
    );
    for (const text of ['test 17', 'Shapes', 'A caption.', 'i2', 'n2', 'g2']) expect(named).toContain(text);
    expect(named).not.toContain('Group 2');
  });

  it('omits missing parts', () => {
    const iterations = example.iterations.map(({ prediction, assignment }) => ({ prediction, assignment }));
    const svg = groupFigure({ ...options, caption: false, examples: [{ input: example.input, iterations }] });
    expect(texts(svg)).toEqual(['Input', 'Iteration 1', 'Iteration 2', 'Group 1', 'Group 2']);
  });

  it('aligns examples that have different parts', () => {
    const svg = groupFigure({
      ...options,
      examples: [example, { input: example.input, iterations: example.iterations }],
    });
    expect([panels(svg, 'corrupted').length, panels(svg, 'segments').length]).toEqual([1, 1]);
    const [a, b] = panels(svg, 'overlay').filter((_, index) => index % 2 === 0);
    expect(a?.getAttribute('x')).toBe(b?.getAttribute('x'));
  });

  it('separates columns even with tiny panels', () => {
    const svg = groupFigure({ ...options, pixelSize: 1 });
    const headings = ['Input', 'Corrupted', 'Segments', 'Iteration 1', 'Iteration 2'].map((heading) =>
      number(
        all(parse(svg), 'text').find((text) => text.textContent === heading),
        'x',
      ),
    );
    headings.slice(1).forEach((x, index) => expect(x - (headings[index] as number)).toBeGreaterThan(30));
  });

  it('is a small file for a dozen Shapes, five iterations and four groups', () => {
    const noise = (count: number) =>
      Float32Array.from({ length: count }, (_, n) => (Math.sin(n * 12.9898) * 43758.5453) % 1 ** 2);
    const iterations = Array.from({ length: 5 }, () => ({
      prediction: noise(1600).map((v) => (v > 0.7 ? v : 0)),
      assignment: noise(1600).map(Math.abs),
      ami: 0.5,
    }));
    const input = noise(400).map((v) => (v > 0 ? 1 : 0));
    const examples = Array.from({ length: 12 }, () => ({ input, corrupted: input, iterations }));
    expect(groupFigure({ inputShape: [20, 20], examples }).length).toBeLessThan(400_000);
  });

  it('escapes every text', () => {
    const text = `<b a="1">&'`;
    const svg = groupFigure({
      ...options,
      examples: [{ ...example, label: text }],
      title: text,
      caption: text,
      iterationLabels: [text, text],
      iterationNotes: [text, text],
      groupLabels: [text, text],
    });
    expect(all(parse(svg), 'b')).toHaveLength(0);
    expect(texts(svg).filter((shown) => shown === text)).toHaveLength(9);
  });

  it('has a title and a description for screen readers', () => {
    const root = parse(groupFigure({ ...options, title: 'Shapes' })).documentElement;
    expect(root?.getAttribute('role')).toBe('img');
    expect(all(parse(groupFigure({ ...options, title: 'Shapes' })), 'title')[0]?.textContent).toBe('Shapes');
  });

  it('has a light background, a dark one, or none', () => {
    const ground = (more: Partial<GroupFigureOptions>) =>
      all(parse(groupFigure({ ...options, ...more })), 'rect')[0]?.getAttribute('fill');
    expect(ground({})).toBe('#ffffff');
    expect(ground({ theme: 'dark' })).toBe('#12161c');
    expect(ground({ transparent: true })).not.toBe('#ffffff');
  });

  const [iteration] = example.iterations as [GroupExample['iterations'][0]];
  it.each<[string, string, Partial<GroupFigureOptions>]>([
    ['an input of the wrong length', 'INVALID_SHAPE', { inputShape: [2, 4] }],
    ['a shape of four axes', 'INVALID_OPTION', { inputShape: [2, 3, 1, 1] }],
    ['a shape that is not whole', 'INVALID_OPTION', { inputShape: [2.5, 3] }],
    ['no examples', 'INVALID_OPTION', { examples: [] }],
    ['a corrupted input of the wrong length', 'INVALID_SHAPE', { examples: [{ ...example, corrupted: [1] }] }],
    ['segments of the wrong length', 'INVALID_SHAPE', { examples: [{ ...example, segments: [1] }] }],
    [
      'predictions that are not whole groups',
      'INVALID_SHAPE',
      { examples: [{ ...example, iterations: [{ ...iteration, prediction: [1, 2, 3] }] }] },
    ],
    ['no groups', 'INVALID_SHAPE', { examples: [{ ...example, iterations: [{ prediction: [], assignment: [] }] }] }],
    [
      'assignments unlike the predictions',
      'INVALID_SHAPE',
      { examples: [{ ...example, iterations: [{ ...iteration, assignment: new Float32Array(6) }] }] },
    ],
    ['iterations that differ in number', 'INVALID_SHAPE', { examples: [example, { ...example, iterations: [] }] }],
    ['a value that is NaN', 'NON_FINITE', { examples: [{ ...example, input: [0, 1, NaN, 0, 0, 0] }] }],
    ['an unknown view', 'INVALID_OPTION', { view: 'best' as never }],
    ['an unknown theme', 'INVALID_OPTION', { theme: 'toString' as never }],
    ['an empty range', 'INVALID_OPTION', { range: [1, 1] }],
    ['too few labels', 'INVALID_OPTION', { iterationLabels: ['one'] }],
    ['too few notes', 'INVALID_OPTION', { iterationNotes: ['one'] }],
    ['too many group labels', 'INVALID_OPTION', { groupLabels: ['a', 'b', 'c'] }],
    ['elements of no size', 'INVALID_OPTION', { pixelSize: 0 }],
    ['an invalid color', 'INVALID_OPTION', { palette: ['tomato'] }],
  ])('refuses %s', (_, code, wrong) => {
    expect(() => groupFigure({ ...options, ...wrong })).toThrow(expect.objectContaining({ name: 'VizError', code }));
  });
});
