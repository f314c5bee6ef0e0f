import { withCurrentKeys } from './former-keys';
import type { Json } from './json';
import { frozen, plainJson } from './plain-json';
import type { Recipe } from './recipe';
import { issueLine, RecipeError } from './recipe-error';
import { recipeIssues } from './recipe-issues';
import { recipeSchema } from './recipe-schema';
import { valueAt } from './schema-path';

/**
 * Checks a recipe and fills in what it leaves out. The result is frozen, and parsing it again gives the same.
 *
 * Nothing unknown is passed over: keys that recipes do not have are refused, options of known types are checked. Only
 * noise, cores and mappings of other types keep whatever options they have. A key `$schema` at the top, for editors,
 * is left out, and keys of earlier versions are renamed (`training.averaging` is now `training.ema`).
 *
 * @param json the recipe as `JSON.parse` returns it
 * @throws RecipeError `INVALID_RECIPE` listing every place that is wrong, what is expected there and what was found
 */
export function parseRecipe(json: unknown): Recipe {
  let input: unknown = withCurrentKeys(plainJson(json));
  if (typeof valueAt(input, ['$schema']) === 'string') {
    const { $schema: _forEditors, ...rest } = input as Record<string, unknown>;
    input = rest;
  }
  const result = recipeSchema.safeParse(input, { reportInput: true });
  if (!result.success) {
    const issues = recipeIssues(recipeSchema, input, result.error.issues);
    const name = valueAt(input, ['name']);
    throw new RecipeError(
      'INVALID_RECIPE',
      `The recipe${typeof name === 'string' ? ` '${name}'` : ''} is not valid:\n  ${issues.map(issueLine).join('\n  ')}`,
      issues,
      { cause: result.error },
    );
  }
  const recipe: Recipe = plainJson(result.data) as unknown as Defined<typeof result.data>;
  return frozen(recipe);
}

/** A value without `undefined` in it, as {@link plainJson} leaves it. */
type Defined<T> = T extends Json ? T : T extends object ? { [Key in keyof T]: Defined<Exclude<T[Key], undefined>> } : T;
