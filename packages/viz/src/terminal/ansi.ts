import type { Rgb } from '../color';

/**
 * Colors that a terminal supports: 24-bit color, the 256 colors of xterm, or none (plain characters).
 */
export type TerminalColor = 'truecolor' | '256' | 'none';

/** Resets all colors. */
export const ANSI_RESET = '\u001b[0m';

/** The escape sequence that sets the colors of the following text. */
export function ansiColors(foreground: Rgb, background: Rgb, color: '256' | 'truecolor'): string {
  return color === 'truecolor'
    ? `\u001b[38;2;${foreground.join(';')};48;2;${background.join(';')}m`
    : `\u001b[38;5;${xtermIndex(foreground)};48;5;${xtermIndex(background)}m`;
}

const CUBE = [0, 95, 135, 175, 215, 255];

/** The nearest of xterm's 216 colors and 24 grays. The first 16 colors differ between terminals and are not used. */
export function xtermIndex(color: Rgb): number {
  const steps = color.map((channel) => nearest(CUBE, channel)) as [number, number, number];
  const cube = steps.map((step) => CUBE[step] as number) as [number, number, number];
  const gray = Math.min(23, Math.max(0, Math.round(((color[0] + color[1] + color[2]) / 3 - 8) / 10)));
  const level = 8 + 10 * gray;
  return distance(color, [level, level, level]) < distance(color, cube)
    ? 232 + gray
    : 16 + 36 * steps[0] + 6 * steps[1] + steps[2];
}

function nearest(levels: readonly number[], value: number): number {
  let best = 0;
  levels.forEach((level, index) => {
    if (Math.abs(level - value) < Math.abs((levels[best] as number) - value)) best = index;
  });
  return best;
}

function distance(a: Rgb, b: Rgb): number {
  return (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2;
}
