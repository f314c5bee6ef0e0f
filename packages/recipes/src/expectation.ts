import * as z from 'zod';

/** Describes what a schema accepts: `an integer of at least 1`, `one of "layer", "batch"`. */
export function expectation(schema: z.core.$ZodType): string {
  return inWords(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as z.core.JSONSchema.JSONSchema);
}

function inWords(schema: z.core.JSONSchema.JSONSchema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return `one of ${schema.enum.map((value) => JSON.stringify(value)).join(', ')}`;
  const options = schema.anyOf ?? schema.oneOf;
  if (options !== undefined) {
    const types = options.flatMap((option) => componentType(option));
    if (types.length > 0) return `an object with a "type", such as { "type": ${JSON.stringify(types[0])} }`;
    return options.map((option) => inWords(option as z.core.JSONSchema.JSONSchema)).join(' or ');
  }
  if (Array.isArray(schema.type)) return schema.type.map((type) => inWords({ ...schema, type })).join(' or ');
  switch (schema.type) {
    case 'integer':
      return `an integer${range(schema)}`;
    case 'number':
      return `a number${range(schema)}`;
    case 'array': {
      const items = schema.prefixItems ?? schema.items;
      if (Array.isArray(items))
        return `a list of ${items.map((item) => inWords(item as z.core.JSONSchema.JSONSchema)).join(' and ')}`;
      const least = schema.minItems === undefined ? '' : ` (not shorter than ${schema.minItems})`;
      return items === undefined || items === true
        ? 'a list'
        : `a list${least}, each entry ${inWords(items as z.core.JSONSchema.JSONSchema)}`;
    }
    case 'string':
      if (schema.pattern !== undefined && schema.description !== undefined)
        return schema.description.replace(/^[A-Z]/, (letter) => letter.toLowerCase());
      return 'a string';
    case 'null':
      return 'null';
    default:
      return schema.type === undefined ? 'something else' : `${schema.type === 'object' ? 'an' : 'a'} ${schema.type}`;
  }
}

function range({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: z.core.JSONSchema.JSONSchema): string {
  const isLimit = (limit?: number): limit is number =>
    limit !== undefined && Math.abs(limit) !== Number.MAX_SAFE_INTEGER;
  if (isLimit(minimum) && isLimit(maximum)) return ` from ${minimum} to ${maximum}`;
  const bounds = [
    ...(exclusiveMinimum === undefined ? [] : [`above ${exclusiveMinimum}`]),
    ...(isLimit(minimum) ? [`of at least ${minimum}`] : []),
    ...(exclusiveMaximum === undefined ? [] : [`below ${exclusiveMaximum}`]),
    ...(isLimit(maximum) ? [`of at most ${maximum}`] : []),
  ];
  return bounds.length === 0 ? '' : ` ${bounds.join(' and ')}`;
}

/** The type that an option of a component requires. */
function componentType(option: z.core.JSONSchema._JSONSchema): string[] {
  const type = typeof option === 'object' ? option.properties?.type : undefined;
  return typeof type === 'object' && typeof type.const === 'string' ? [type.const] : [];
}
