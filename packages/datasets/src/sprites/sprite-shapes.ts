import { cosineOfTurns } from '../cosine-of-turns';

/** The kinds of sprites. */
export const SPRITE_KINDS = ['square', 'ellipse', 'heart'] as const;

/** A kind of sprite. */
export type SpriteKind = (typeof SPRITE_KINDS)[number];

/**
 * Whether a sprite of scale 1 and orientation 0 covers a point, in pixels of a 64 x 64 image from its center, x to the right
 * and y up. Every sprite lies within 16 pixels of its center.
 */
const COVERS: Readonly<Record<SpriteKind, (x: number, y: number) => boolean>> = {
  square: (x, y) => Math.abs(x) <= 11 && Math.abs(y) <= 11,
  ellipse: (x, y) => (x / 8) ** 2 + (y / 14) ** 2 <= 1,
  // (x^2 + y^2 - 1)^3 <= x^2 y^3, about 2.3 wide and 2.2 high.
  heart(x, y) {
    const [u, v] = [x / 11, y / 11 + 0.1];
    const inner = u * u + v * v - 1;
    return inner * inner * inner <= u * u * v * v * v;
  },
};

/** A sprite in an image. */
export interface Sprite {
  readonly kind: SpriteKind;
  /** Its center, in pixels from the left and the top of a 64 x 64 image. */
  readonly x: number;
  readonly y: number;
  /** 1 is the largest. */
  readonly scale: number;
  /** Counterclockwise, in turns: 1 is a full turn. */
  readonly orientation: number;
}

/** A function that says whether a sprite covers a point, in pixels from the left and the top. */
export function coverageOf({ kind, x, y, scale, orientation }: Sprite): (px: number, py: number) => boolean {
  const covers = COVERS[kind];
  const cosine = cosineOfTurns(orientation) / scale;
  const sine = cosineOfTurns(orientation - 0.25) / scale;
  // Turns the point back, from rows that count down to y that points up.
  return (px, py) => covers(cosine * (px - x) - sine * (py - y), -sine * (px - x) - cosine * (py - y));
}
