import type { Recipe } from '@taggerjs/recipes';

/**
 * What `tagger train NAME` has to be told to train by a recipe: `--set path=value` for each value in which it differs from the
 * recipe of that name, but for its description. What it lacks is taken away by null.
 */
export function overridesOf(recipe: Recipe, named: Recipe): string[] {
  return differences({ ...recipe, description: '' }, { ...named, description: '' }, '').map(([path, value]) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return `--set ${path}=${/^[\w.,:[\]+-]+$/.test(text) ? text : `'${text}'`}`;
  });
}

function differences(value: unknown, base: unknown, path: string): [path: string, value: unknown][] {
  if (JSON.stringify(value) === JSON.stringify(base)) return [];
  if (!isObject(value) || !isObject(base)) return [[path, value ?? null]];
  const names = new Set([...Object.keys(base), ...Object.keys(value)]);
  return [...names].flatMap((name) => differences(value[name], base[name], path === '' ? name : `${path}.${name}`));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
