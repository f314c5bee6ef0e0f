import * as z from 'zod';

/** A path in a recipe: keys, and indices of lists. */
export type Path = readonly PropertyKey[];

/** The schema without its defaults, nullability and transforms. */
function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  if (
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable
  )
    return unwrap(schema.unwrap());
  return schema instanceof z.ZodPipe ? unwrap(schema.in) : schema;
}

/** The options of a union of components, each an object with a type. Returns `undefined` for other schemas. */
export function componentOptions(schema: z.core.$ZodType): readonly z.ZodObject[] | undefined {
  const inner = unwrap(schema);
  if (!(inner instanceof z.ZodUnion)) return undefined;
  const options = inner.options as readonly z.core.$ZodType[];
  return options.every((option) => option instanceof z.ZodObject) ? options : undefined;
}

/** The types that the options name. The last option accepts any other type and names none. */
export function knownTypes(options: readonly z.ZodObject[]): string[] {
  return options.flatMap(({ shape }) => (shape.type instanceof z.ZodLiteral ? [String(shape.type.value)] : []));
}

/** The index of the option for the type of a value: the last one for unknown types. */
export function optionIndex(options: readonly z.ZodObject[], value: unknown): number {
  const index = knownTypes(options).indexOf((value as { type?: string } | undefined)?.type ?? '');
  return index < 0 ? options.length - 1 : index;
}

/** The object schema that applies to a value. Returns `undefined` if the schema is not of an object. */
function objectSchema(schema: z.core.$ZodType, value: unknown): z.ZodObject | undefined {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodObject) return inner;
  const options = componentOptions(inner);
  return options?.[optionIndex(options, value)];
}

/** The keys that an object may have. Returns `undefined` if the schema is not of an object. */
export function keysOf(schema: z.core.$ZodType, value: unknown): string[] | undefined {
  const object = objectSchema(schema, value);
  return object && Object.keys(object.shape);
}

/** The schema at a path. Returns `undefined` if there is none, or if any value is valid there. */
export function schemaAt(schema: z.core.$ZodType, value: unknown, path: Path): z.core.$ZodType | undefined {
  let at: z.core.$ZodType | undefined = schema;
  let valueAt: unknown = value;
  for (const key of path) {
    const inner: z.core.$ZodType = unwrap(at);
    if (inner instanceof z.ZodArray) at = inner.element;
    else if (inner instanceof z.ZodTuple) at = (inner.def.items as readonly z.core.$ZodType[])[Number(key)];
    else {
      const shape: Readonly<Record<string, z.core.$ZodType>> = objectSchema(inner, valueAt)?.shape ?? {};
      at = Object.hasOwn(shape, key) ? shape[String(key)] : undefined;
    }
    if (at === undefined) return undefined;
    valueAt = valueIn(valueAt, key);
  }
  return at;
}

/** The value at a path. Returns `undefined` if there is none. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(valueIn, value);
}

function valueIn(value: unknown, key: PropertyKey): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<PropertyKey, unknown>)[key]
    : undefined;
}

/** All dotted paths of a recipe with components of the same types: `training`, `training.batchSize`, ... */
export function allPaths(schema: z.core.$ZodType, value: unknown, prefix = ''): string[] {
  const object = objectSchema(schema, value);
  if (object === undefined) return [];
  return Object.entries(object.shape).flatMap(([key, child]) => {
    const path = `${prefix}${key}`;
    return [path, ...allPaths(child as z.core.$ZodType, valueIn(value, key), `${path}.`)];
  });
}

/** A path as written in overrides and messages. */
export function dotted(path: Path): string {
  return path.map(String).join('.');
}
