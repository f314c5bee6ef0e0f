import { withCurrentKeys } from './former-keys';
import type { Json } from './json';
import { frozen, plainJson } from './plain-json';
import type { Recipe } from './recipe';
import { issueLine, RecipeError } from './recipe-error';
import { recipeIssues } from './recipe-issues';
import { recipeSchema } from './recipe-schema';
import { valueAt } from './schema-path';

/**
 * Validates a recipe and fills in defaults. The result is frozen; parsing it again gives an equal recipe.
 *
 * Unknown keys are refused, and the options of built-in components are validated. Components of other types keep their
 * options unchecked. A top-level `$schema`, for editors, is removed, and keys of earlier versions are renamed
 * (`training.averaging` is now `training.ema`).
 *
 * @param json the recipe as `JSON.parse` returns it
 * @throws RecipeError `INVALID_RECIPE`, listing for each wrong value its path, what is expected and what was found
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

/** A type without `undefined`, which {@link plainJson} removes. */
type Defined<T> = T extends Json ? T : T extends object ? { [Key in keyof T]: Defined<Exclude<T[Key], undefined>> } : T;
