import { SIDE } from '../images/drawing';
import { TEXTURE_SIDE } from '../images/textures';

/** What the models of the page are trained on: shapes of zeros and ones, or digits of texture in grey. */
export type ModelName = 'shapes' | 'textures';

/** A kind of models. */
export interface ModelKind {
  readonly title: string;
  /** Rows and columns of an image. */
  readonly side: number;
  /** Number of groups that the model which the page ships is trained with, and begins with here. */
  readonly groups: number;
  /** Their noise: with bit flips its amount is a probability, with Gaussian noise a standard deviation. */
  readonly noise: 'bitflip' | 'gaussian';
  /** Least and largest amount of noise. */
  readonly noiseRange: readonly [number, number];
}

/** The kinds, by name. */
export const MODEL_KINDS: Readonly<Record<ModelName, ModelKind>> = {
  shapes: { title: 'Shapes', side: SIDE, groups: 4, noise: 'bitflip', noiseRange: [0, 0.4] },
  textures: { title: 'Textured digits', side: TEXTURE_SIDE, groups: 3, noise: 'gaussian', noiseRange: [0, 0.5] },
};
