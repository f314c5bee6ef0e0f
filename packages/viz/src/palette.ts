import { formatColor, mixColors, parseColor, type Rgb } from './color';
import { VizError } from './viz-error';

/**
 * The colors of groups 0 .. 7: sky blue, vermilion, yellow, blue, purple, green, orange, brown.
 *
 * The palette of Okabe and Ito ("Color Universal Design", 2008) with two changes: a slightly deeper yellow, to be visible on
 * white, and brown instead of black, to be visible on black panels. All colors remain distinguishable under protanopia,
 * deuteranopia and tritanopia. The first four differ most, because most Taggers have four groups.
 */
export const palette: readonly string[] = /* @__PURE__ */ Object.freeze([
  '#56b4e9',
  '#d55e00',
  '#e8da2e',
  '#0072b2',
  '#cc79a7',
  '#009e73',
  '#e69f00',
  '#844854',
]);

const WHITE: Rgb = [255, 255, 255];

/**
 * Returns the color of a group as `'#rrggbb'`. Groups past the end of the palette reuse its colors, mixed halfway to white on
 * each pass.
 *
 * @param group the group's index, from 0
 * @param colors the palette. @default {@link palette}
 * @throws VizError `INVALID_OPTION` when the palette is empty, a color is not `'#rrggbb'` or `'#rgb'`, or the group is
 *   not a valid index
 */
export function groupColor(group: number, colors: readonly string[] = palette): string {
  return formatColor(groupRgb(group, colors));
}

/** Like {@link groupColor}, as numbers. */
export function groupRgb(group: number, colors: readonly string[]): Rgb {
  if (!Array.isArray(colors) || colors.length === 0) {
    throw new VizError('INVALID_OPTION', 'palette: expected at least one color. Omit it to use the default palette.');
  }
  const color = colors[group % colors.length];
  if (!Number.isInteger(group) || color === undefined) {
    throw new VizError('INVALID_OPTION', `A group is an index 0, 1, 2, ...; got ${group}.`);
  }
  const round = Math.floor(group / colors.length);
  return mixColors(parseColor(color), WHITE, 1 - 0.5 ** round);
}
