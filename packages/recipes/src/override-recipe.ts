import { distance } from 'fastest-levenshtein';

import { closest } from './closest';
import { currentPath } from './former-keys';
import type { Json } from './json';
import { parseRecipe } from './parse-recipe';
import { plainJson } from './plain-json';
import type { Recipe } from './recipe';
import { issueLine, RecipeError, type RecipeIssue } from './recipe-error';
import { shown } from './recipe-issues';
import { recipeSchema } from './recipe-schema';
import { allPaths, componentOptions, keysOf, knownTypes, schemaAt } from './schema-path';

/**
 * Returns a copy of a recipe with some values changed.
 *
 * String values are parsed as JSON if possible, so command-line arguments can be passed on: `'50'` is a number,
 * `'[500, 250]'` a list, `'null'` null, and `'cosine'` a string. Quote a string that looks like JSON: `'"50"'`.
 *
 * Changing the `type` of a component removes its options, which belong to the old type. Further overrides set the options
 * of the new type; the others get their defaults. Shorter paths are applied first, so you can replace a complete part and
 * values within it in one call. null removes an optional value.
 *
 * @param recipe the recipe, which is not modified
 * @param overrides values by dotted path, such as `{ 'training.batchSize': 50, 'model.core.mapping.sizes': [500, 250] }`
 * @throws RecipeError `UNKNOWN_PATH` for a path that recipes do not have, with a suggestion; `INVALID_RECIPE` for a value
 * that is not valid there
 */
export function overrideRecipe(recipe: Recipe, overrides: Readonly<Record<string, Json>>): Recipe {
  const changed = plainJson(recipe) as JsonObject;
  const unknown: RecipeIssue[] = [];
  const changes = Object.entries(overrides)
    .map(([path, value]) => ({ path, keys: currentPath(path).split('.'), value: readValue(value) }))
    .sort((one, other) => one.keys.length - other.keys.length || Number(isType(other.keys)) - Number(isType(one.keys)));
  for (const { path, keys, value } of changes)
    if (!setAt(changed, keys, value)) unknown.push(unknownPath(changed, path, value));
  if (unknown.length > 0)
    throw new RecipeError(
      'UNKNOWN_PATH',
      `Recipe '${recipe.name}' has no such values:\n  ${unknown.map(issueLine).join('\n  ')}`,
      unknown,
    );
  return parseRecipe(changed);
}

type JsonObject = Record<string, Json>;

function readValue(value: Json): Json {
  if (typeof value !== 'string') return plainJson(value); // a copy that may be modified
  try {
    return JSON.parse(value) as Json;
  } catch {
    return value;
  }
}

function isType(keys: readonly string[]): boolean {
  return keys.at(-1) === 'type';
}

/** Sets a value. Returns false if recipes have no such path. */
function setAt(recipe: JsonObject, keys: readonly string[], value: Json): boolean {
  let parent: JsonObject = recipe;
  for (const [depth, key] of keys.entries()) {
    const schema = schemaAt(recipeSchema, recipe, keys.slice(0, depth));
    const isLast = depth === keys.length - 1;
    if (Array.isArray(parent)) {
      if (!/^\d+$/.test(key) || Number(key) >= parent.length) return false;
    } else if (!mayHave(schema, parent, key)) return false;

    if (isLast) {
      if (isType(keys) && schema !== undefined && componentOptions(schema) && parent.type !== value)
        for (const option of Object.keys(parent)) delete parent[option];
      parent[key] = value;
      return true;
    }
    // A missing or null parent becomes an object: `training.ema.decay` turns the EMA on.
    const child = Object.hasOwn(parent, key) ? parent[key] : undefined;
    if (child === undefined || child === null) parent[key] = {};
    else if (typeof child !== 'object') return false;
    parent = parent[key] as JsonObject;
  }
  return false;
}

/** Whether an object may have a key. Components of unknown types may have any. */
function mayHave(schema: ReturnType<typeof schemaAt>, parent: JsonObject, key: string): boolean {
  if (key === '' || key === '__proto__') return false;
  if (schema === undefined) return true; // within the options of an unknown type
  const options = componentOptions(schema);
  const open = options !== undefined && Object.hasOwn(options.at(-1)?.shape ?? {}, 'type');
  if (open && !knownTypes(options).includes(String(parent.type))) return true;
  return keysOf(schema, parent)?.includes(key) ?? false;
}

function unknownPath(recipe: JsonObject, path: string, value: Json): RecipeIssue {
  const paths = allPaths(recipeSchema, recipe);
  const suggestion = meantPath(path, paths);
  return {
    path,
    expected: 'the path of a value, such as training.batchSize',
    got: shown(value),
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}

/** `batchSize` -> `training.batchSize`, `training.optimizer.learnigRate` -> `training.optimizer.learningRate`. */
function meantPath(path: string, paths: readonly string[]): string | undefined {
  const nearest = (candidates: readonly string[]) =>
    [...candidates].sort((one, other) => distance(path, one) - distance(path, other))[0];
  const lastKey = (dotted: string) => dotted.slice(dotted.lastIndexOf('.') + 1);
  const sameLast = paths.filter((candidate) => lastKey(candidate).toLowerCase() === lastKey(path).toLowerCase());
  if (sameLast.length > 0) return nearest(sameLast);
  const depth = path.split('.').length;
  const whole = closest(
    path,
    paths.filter((candidate) => candidate.split('.').length === depth),
  );
  if (whole !== undefined) return whole;
  const key = closest(lastKey(path), paths.map(lastKey));
  return key === undefined ? undefined : nearest(paths.filter((candidate) => lastKey(candidate) === key));
}
