import * as z from 'zod';

// zod's numbers are finite.

/** A number above 0. */
export const positive = () => z.number().gt(0);

/** An integer in a range. */
export const count = (minimum = 1, maximum?: number) =>
  maximum === undefined ? z.int().min(minimum) : z.int().min(minimum).max(maximum);

/** A number in [0, 1). */
export const fraction = () => z.number().gte(0).lt(1);

/** A seed. */
export const seed = () => z.union([z.number(), z.string()]);

/** An optional value; null removes it from a recipe. */
export const optional = <Schema extends z.ZodType>(schema: Schema) =>
  schema.nullish().transform((value): z.output<Schema> | undefined => value ?? undefined);
