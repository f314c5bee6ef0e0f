import * as z from 'zod';

import { recipeSchemaJson } from './recipe-schema-json';
import { recipes } from './recipes';

type Schema = Parameters<typeof z.fromJSONSchema>[0];

describe('recipeSchemaJson', () => {
  const accepts = (json: unknown) => z.fromJSONSchema(recipeSchemaJson() as Schema).safeParse(json).success;

  it('is JSON Schema of draft 7', () => {
    const schema = recipeSchemaJson();
    expect(JSON.parse(JSON.stringify(schema))).toEqual(schema);
    expect(schema.$schema).toBe('http://json-schema.org/draft-07/schema#');
  });

  it('accepts every built-in recipe, and one that names its schema', () => {
    for (const recipe of Object.values(recipes)) expect(accepts(recipe)).toBe(true);
    expect(accepts({ ...recipes.shapes, $schema: './recipe.schema.json' })).toBe(true);
  });

  it('requires only values without a default', () => {
    expect(
      accepts({
        name: 'mine',
        data: { type: 'shapes' },
        model: { noise: { type: 'poisson', rate: 1 }, core: { type: './conv.mjs' } },
        training: { steps: 1 },
      }),
    ).toBe(true);
  });

  it.each([
    ['an unknown key', { extra: 1 }],
    ['a value out of range', { training: { steps: 0 } }],
    ['a part that is missing', { model: {} }],
    ['an unknown type of data', { data: { type: 'cats' } }],
  ])('refuses %s', (_what, part) => {
    expect(accepts({ ...recipes.shapes, ...part })).toBe(false);
  });

  it('describes values', () => {
    expect(recipeSchemaJson()).toMatchObject({
      properties: {
        model: {
          anyOf: [
            { properties: { classes: { description: 'Number of classes C', minimum: 2 } } },
            { properties: { groups: { description: 'Groups K while training', default: 4, minimum: 1 } } },
          ],
        },
        training: { properties: { maxMinutes: { description: 'Minutes after which training ends' } } },
      },
    });
  });
});
