import { closest, distance } from 'fastest-levenshtein';

import type { ModelCard, PretrainedName } from './model-card';
import shapes from './models/shapes.json';
import textureMnist2 from './models/texture-mnist-2.json';
import { PretrainedError } from './pretrained-error';

/** The pretrained models: their model cards, by name. */
export const pretrainedModels: Readonly<Record<PretrainedName, ModelCard>> = {
  // A test checks the cards against their schema; TypeScript widens the strings of a JSON file.
  shapes: shapes as ModelCard,
  'texture-mnist-2': textureMnist2 as ModelCard,
};

/**
 * Returns the model card of a name.
 *
 * @throws PretrainedError `UNKNOWN_MODEL`, with a suggestion or a list of the names
 */
export function modelCard(name: string): ModelCard {
  const models: Readonly<Record<string, ModelCard>> = pretrainedModels;
  const card = Object.hasOwn(models, name) ? models[name] : undefined;
  if (card !== undefined) return card;
  const names = Object.keys(models);
  const nearest = closest(String(name), names);
  const meant =
    distance(String(name), nearest) > 2
      ? `The pretrained models are ${names.join(', ')}.`
      : `Did you mean '${nearest}'?`;
  throw new PretrainedError('UNKNOWN_MODEL', `There is no pretrained model '${name}'. ${meant}`);
}

/** Bundlers find and copy the files only if the path is a literal. It is the same from `src` and from `dist`. */
const URLS: Readonly<Record<PretrainedName, () => URL>> = {
  shapes: () => new URL('../src/models/shapes.safetensors', import.meta.url),
  'texture-mnist-2': () => new URL('../src/models/texture-mnist-2.safetensors', import.meta.url),
};

/**
 * The URL of a model's weights, relative to this module: a `file:` URL in Node, and an address to fetch in browsers.
 *
 * @throws PretrainedError `UNKNOWN_MODEL`
 */
export function pretrainedUrl(name: PretrainedName): URL {
  return URLS[modelCard(name).name]();
}
