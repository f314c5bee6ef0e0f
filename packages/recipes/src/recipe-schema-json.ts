import * as z from 'zod';

import type { Json } from './json';
import { recipeSchema } from './recipe-schema';

/**
 * Returns the JSON Schema (draft 7) of recipe files, with which editors complete keys and check ranges. Write it to a file
 * and name that file as `"$schema"` at the top of a recipe. Only {@link parseRecipe} checks relations between values, such
 * as a schedule that needs a number of steps.
 */
export function recipeSchemaJson(): { readonly [key: string]: Json } {
  const schema = z.toJSONSchema(recipeSchema, {
    io: 'input',
    target: 'draft-7',
    override: ({ jsonSchema }) => {
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  }) as Record<string, Json>;
  const properties = schema.properties as Readonly<Record<string, Json>>;
  return {
    ...schema,
    title: 'Recipe of a Tagger experiment',
    properties: { $schema: { type: 'string' }, ...properties },
  };
}
