import { SIDE } from '../images/drawing';
import { TEXTURE_SIDE } from '../images/textures';

/** Names of the page's models: binary shapes, or gray textured digits. */
export type ModelName = 'shapes' | 'textures';

/** A kind of model. */
export interface ModelKind {
  readonly title: string;
  /** Rows and columns of an image. */
  readonly side: number;
  /** Number of groups in training, and the page's default. */
  readonly groups: number;
  /** Type of noise. Its amount is a probability for bit flips, a standard deviation for Gaussian noise. */
  readonly noise: 'bitflip' | 'gaussian';
  /** Minimum and maximum amount of noise. */
  readonly noiseRange: readonly [number, number];
}

/** The kinds, by name. */
export const MODEL_KINDS: Readonly<Record<ModelName, ModelKind>> = {
  shapes: { title: 'Shapes', side: SIDE, groups: 4, noise: 'bitflip', noiseRange: [0, 0.4] },
  textures: { title: 'Textured digits', side: TEXTURE_SIDE, groups: 3, noise: 'gaussian', noiseRange: [0, 0.5] },
};
