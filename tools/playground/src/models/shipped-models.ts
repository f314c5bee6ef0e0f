// The models that the page ships: Shapes, and textured digits if its weights exist.
import samplesUrl from '../../samples/textures.npz?url';
import shapesAbout from '../../weights/shapes.json';
import shapesUrl from '../../weights/shapes.safetensors?url';
import type { Image } from '../images/drawing';
import type { ModelName } from './model-kinds';
import { decodeTextures } from '../images/textures';

/** A model that the page ships. */
export interface ShippedModel {
  /** URL of its weights. */
  readonly url: string;
  /** How it was trained, and its scores. */
  readonly about: typeof shapesAbout;
}

const texturesUrl = Object.values(
  import.meta.glob<string>('../../weights/textures.safetensors', { query: '?url', import: 'default', eager: true }),
)[0];
const texturesAbout = Object.values(
  import.meta.glob<typeof shapesAbout>('../../weights/textures.json', { import: 'default', eager: true }),
)[0];

/** The models, by name. */
export const MODELS: Readonly<Partial<Record<ModelName, ShippedModel>>> = {
  shapes: { url: shapesUrl, about: shapesAbout },
  ...(texturesUrl && texturesAbout && { textures: { url: texturesUrl, about: texturesAbout } }),
};

/** The names of the shipped models. */
export const MODEL_NAMES = Object.keys(MODELS) as readonly ModelName[];

let textures: Promise<Image[]> | undefined;

/** The images of textured digits, loaded at the first call. Retries after a failure. */
export async function loadTextures(): Promise<Image[]> {
  textures ??= fetchTextures().catch((error: unknown) => {
    textures = undefined;
    throw error;
  });
  return textures;
}

async function fetchTextures(): Promise<Image[]> {
  const response = await fetch(samplesUrl);
  if (!response.ok) throw new Error(`Loading the images failed: ${response.status} ${response.statusText}`);
  return decodeTextures(new Uint8Array(await response.arrayBuffer()));
}
