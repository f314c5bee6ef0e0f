import { parseColor, type Rgb } from './color';
import { groupColor, palette } from './palette';

// Simulates dichromacy: Machado, Oliveira and Fernandes (2009), severity 1, in linear light.
const VISION: Record<string, number[][]> = {
  trichromacy: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

const linear = (color: string) =>
  parseColor(color).map((channel) => {
    const c = channel / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });

const times = (matrix: number[][], vector: number[]) =>
  matrix.map((row) => row.reduce((sum, value, i) => sum + value * (vector[i] as number), 0));

/** Converts to OKLab, in which distances approximate perceived differences. */
function perceived(rgb: number[]): number[] {
  const clipped = rgb.map((value) => Math.min(1, Math.max(0, value)));
  const lms = times(
    [
      [0.4122214708, 0.5363325363, 0.0514459929],
      [0.2119034982, 0.6806995451, 0.1073969566],
      [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    clipped,
  ).map(Math.cbrt);
  return times(
    [
      [0.2104542553, 0.793617785, -0.0040720468],
      [1.9779984951, -2.428592205, 0.4505937099],
      [0.0259040371, 0.7827717662, -0.808675766],
    ],
    lms,
  );
}

function closest(colors: readonly string[], matrix: number[][]): number {
  const seen = colors.map((color) => perceived(times(matrix, linear(color))));
  let least = Infinity;
  seen.forEach((a, i) => {
    for (const b of seen.slice(i + 1)) least = Math.min(least, Math.hypot(...a.map((v, c) => v - (b[c] as number))));
  });
  return least;
}

/** Contrast ratio as defined by WCAG. */
function contrast(a: string, b: string): number {
  const luminance = (color: string) => times([[0.2126, 0.7152, 0.0722]], linear(color))[0] as number;
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

describe('palette', () => {
  it.each(Object.keys(VISION))('has eight distinguishable colors under %s', (vision) => {
    expect(closest(palette, VISION[vision] as number[][])).toBeGreaterThan(0.075);
  });

  it.each(Object.keys(VISION))('has four very different first colors under %s', (vision) => {
    expect(closest(palette.slice(0, 4), VISION[vision] as number[][])).toBeGreaterThan(0.15);
  });

  it.each(palette)('has enough contrast on black and on white: %s', (color) => {
    expect(contrast(color, '#000000')).toBeGreaterThan(2.8);
    expect(contrast(color, '#ffffff')).toBeGreaterThan(1.4);
  });
});

describe('groupColor', () => {
  it('uses the palette in order', () => {
    expect([0, 1, 7].map((group) => groupColor(group))).toEqual([palette[0], palette[1], palette[7]]);
  });

  it('reuses the palette, mixed halfway to white', () => {
    const [red, green, blue] = parseColor(palette[0] as string);
    const half = [red, green, blue].map((channel) => Math.round((channel + 255) / 2)) as unknown as Rgb;
    expect(parseColor(groupColor(8))).toEqual(half);
  });

  it('accepts other colors', () => {
    expect(groupColor(1, ['#f00', '#00FF00'])).toBe('#00ff00');
  });

  it.each([
    ['an empty palette', 0, []],
    ['a color by name', 0, ['red']],
    ['a group that is not an index', 0.5, palette],
    ['a negative group', -1, palette],
  ])('refuses %s', (_, group, colors) => {
    expect(() => groupColor(group, colors)).toThrow(
      expect.objectContaining({ name: 'VizError', code: 'INVALID_OPTION' }),
    );
  });
});
