import type { Recipe } from '@taggerjs/recipes';

/**
 * The flags that turn the recipe `named` into `recipe`: `--set path=value` for each difference except the description. A missing
 * value is set to null.
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
