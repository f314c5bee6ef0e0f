import { DatasetError } from '../errors';

/** `'rgb'`: three channels, red, green and blue. `'gray'`: one channel. `'binary'`: one channel of zeros and ones. */
export type SpriteColors = 'rgb' | 'gray' | 'binary';

/** A color as red, green and blue in [0, 1]. */
export type Color = readonly [red: number, green: number, blue: number];

/** @throws DatasetError `INVALID_OPTION` for unknown colors */
export function requireColors(operation: string, colors: unknown): void {
  if (colors !== 'rgb' && colors !== 'gray' && colors !== 'binary')
    throw new DatasetError(
      'INVALID_OPTION',
      `${operation}: colors must be 'rgb', 'gray' or 'binary'; got ${JSON.stringify(colors)}.`,
    );
}

/** Shape of an image: rows and columns, and the channels if there are several. */
export const imageShapeOf = (rows: number, columns: number, colors: SpriteColors): readonly number[] =>
  colors === 'rgb' ? [rows, columns, 3] : [rows, columns];

/** The gray value of a color, with the weights of Rec. 601. */
export const grayOf = ([red, green, blue]: Color): number => 0.299 * red + 0.587 * green + 0.114 * blue;

/** What a pixel of this color has in an image: red, green and blue, its gray value, or 1. */
export function channelsOfColor(color: Color, colors: SpriteColors): readonly number[] {
  if (colors === 'rgb') return color;
  return [colors === 'gray' ? grayOf(color) : 1];
}
