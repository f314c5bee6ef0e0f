// The models that the page ships, and the images of textured digits.
import { pretrainedModels, readPretrained, type ModelCard, type PretrainedName } from '@taggerjs/pretrained';

import samplesUrl from '../../samples/textures.npz?url';
import type { Image } from '../images/drawing';
import type { ModelName } from './model-kinds';
import { decodeTextures } from '../images/textures';

/** Models whose weights the page ships. */
export type ShippedName = Exclude<ModelName, 'color'>;

const PRETRAINED: Readonly<Record<ShippedName, PretrainedName>> = { shapes: 'shapes', textures: 'texture-mnist-2' };

/** The names of the shipped models. */
export const MODEL_NAMES = Object.keys(PRETRAINED) as readonly ShippedName[];

/** How a shipped model was trained, and its scores. */
export function cardOf(name: ShippedName): ModelCard {
  return pretrainedModels[PRETRAINED[name]];
}

/** Downloads the weights of a shipped model. */
export function readShipped(name: ShippedName): Promise<Uint8Array> {
  return readPretrained(PRETRAINED[name]);
}

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
