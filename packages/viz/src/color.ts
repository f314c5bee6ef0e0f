import { VizError } from './viz-error';

/** An sRGB color as red, green and blue, each from 0 to 255. */
export type Rgb = readonly [red: number, green: number, blue: number];

const HEX = /^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/i;

/**
 * Parses a color in the form `'#rrggbb'` or `'#rgb'`.
 *
 * @throws VizError `INVALID_OPTION` for anything else
 */
export function parseColor(color: string): Rgb {
  if (!HEX.test(color)) {
    throw new VizError(
      'INVALID_OPTION',
      `A color is written '#rrggbb' or '#rgb', such as '#56b4e9'; got ${JSON.stringify(color)}.`,
    );
  }
  const digits = color.length === 4 ? [...color.slice(1)].map((digit) => digit + digit).join('') : color.slice(1);
  const value = Number.parseInt(digits, 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

/** Formats a color as `'#rrggbb'`. */
export function formatColor(color: Rgb): string {
  return `#${color.map((channel) => Math.round(channel).toString(16).padStart(2, '0')).join('')}`;
}

/** Mixes two colors: (1 - amount) a + amount b in each channel. */
export function mixColors(a: Rgb, b: Rgb, amount: number): Rgb {
  const mix = (channel: 0 | 1 | 2) => a[channel] + (b[channel] - a[channel]) * amount;
  return [mix(0), mix(1), mix(2)];
}
