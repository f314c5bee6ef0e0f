import { SIDE } from '../images/drawing';
import { TEXTURE_SIDE } from '../images/textures';

/** Names of the page's models: binary shapes, gray textured digits, or color images, whose model comes from a file. */
export type ModelName = 'shapes' | 'textures' | 'color';

/** How a model corrupts its inputs. The amount is a probability for bit flips, a standard deviation for Gaussian noise. */
export type NoiseType = 'bitflip' | 'gaussian';

/** A kind of model. */
export interface ModelKind {
  readonly title: string;
  /** Rows and columns of an image; undefined for color images, of which there are several sizes. */
  readonly side?: number;
  /** Number of groups in training, and the page's default. */
  readonly groups: number;
  /** Type of noise. Models of color images may have either. */
  readonly noise: NoiseType;
  /** Minimum and maximum amount of noise. */
  readonly noiseRange: readonly [number, number];
}

/** The kinds, by name. */
export const MODEL_KINDS: Readonly<Record<ModelName, ModelKind>> = {
  shapes: { title: 'Shapes', side: SIDE, groups: 4, noise: 'bitflip', noiseRange: [0, 0.4] },
  textures: { title: 'Textured digits', side: TEXTURE_SIDE, groups: 3, noise: 'gaussian', noiseRange: [0, 0.5] },
  color: { title: 'Color images', groups: 4, noise: 'gaussian', noiseRange: [0, 0.4] },
};

/** Data whose test images the page can draw in color. */
export type ColorData = 'tetrominoes' | 'multi-dsprites';

/**
 * The data whose images have a model's input shape. Undefined if there are none, or if the model flips bits of images whose values
 * are not zeros and ones.
 */
export function colorDataOf(inputShape: readonly number[], noise: string): ColorData | undefined {
  const [rows, columns, channels] = inputShape;
  if (inputShape.length !== 3 || rows !== columns || channels !== 3) return undefined;
  // The colors of Tetrominoes are zeros and ones.
  if ([35, 28, 21, 14].includes(rows!)) return 'tetrominoes';
  return noise === 'gaussian' && [64, 32, 16, 8].includes(rows!) ? 'multi-dsprites' : undefined;
}
