import type { Json } from './json';

/** Keys of earlier versions and their present names. */
const RENAMED = [{ parent: 'training', former: 'averaging', current: 'ema' }] as const;

/** `training.averaging.decay` -> `training.ema.decay`; other paths as they are. */
export function currentPath(path: string): string {
  for (const { parent, former, current } of RENAMED) {
    const key = `${parent}.${former}`;
    if (path === key || path.startsWith(`${key}.`)) return `${parent}.${current}${path.slice(key.length)}`;
  }
  return path;
}

/** A recipe with present key names. Recipes that have a key under both names are left to the schema, which refuses them. */
export function withCurrentKeys(recipe: Json): Json {
  if (!isObject(recipe)) return recipe;
  const renamed: Record<string, Json> = { ...recipe };
  for (const { parent, former, current } of RENAMED) {
    const part = renamed[parent];
    if (!isObject(part) || !Object.hasOwn(part, former) || Object.hasOwn(part, current)) continue;
    const { [former]: value, ...rest } = part;
    renamed[parent] = { ...rest, [current]: value! };
  }
  return renamed;
}

function isObject(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
