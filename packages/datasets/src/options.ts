import { DatasetError } from './errors';

/** Number of elements of a shape. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/**
 * Channels of a pixel: inputs of three axes are images [rows, columns, channels], all others have one channel.
 *
 * @param inputShape the shape of one example
 */
export function channelsOf(inputShape: readonly number[]): number {
  return inputShape.length === 3 ? inputShape[2]! : 1;
}

/** Rows and columns that an image has at least, to tell them from channels. */
const LEAST_SIDE = 8;

/**
 * Whether a shape looks like an image with its channels first, [channels, rows, columns], whose columns {@link channelsOf} would
 * count as channels: 1, 3 or 4, then at least 8 rows and columns.
 */
export function isChannelsFirst(inputShape: readonly number[]): boolean {
  const [first = 0, ...sides] = inputShape;
  return sides.length === 2 && [1, 3, 4].includes(first) && sides.every((side) => side >= LEAST_SIDE);
}

/** Requires an integer in [minimum, maximum]. */
export function requireWhole(
  operation: string,
  option: string,
  value: unknown,
  minimum: number,
  maximum = Number.MAX_SAFE_INTEGER,
): void {
  if (!Number.isSafeInteger(value) || (value as number) < minimum || (value as number) > maximum) {
    const range = maximum === Number.MAX_SAFE_INTEGER ? `of at least ${minimum}` : `from ${minimum} to ${maximum}`;
    throw new DatasetError(
      'INVALID_OPTION',
      `${operation}: ${option} must be an integer ${range}; got ${String(value)}.`,
    );
  }
}

/** Requires the shape of an example: at least one axis, all of length 1 or more. */
export function requireShape(operation: string, shape: unknown): void {
  if (!Array.isArray(shape) || shape.length === 0)
    throw new DatasetError(
      'INVALID_OPTION',
      `${operation}: inputShape must be the shape of one example, such as [20, 20] or [35, 35, 3]; got ${JSON.stringify(shape)}.`,
    );
  shape.forEach((length, axis) => requireWhole(operation, `inputShape[${axis}]`, length, 1));
}

/** Requires a name that is not empty. */
export function requireName(operation: string, name: unknown): void {
  if (typeof name !== 'string' || name === '')
    throw new DatasetError(
      'INVALID_OPTION',
      `${operation}: name must be a non-empty string, such as 'shapes/train'; got ${JSON.stringify(name)}.`,
    );
}

/** The type of a typed array by its tag: `instanceof` fails on arrays of another realm (workers, frames, vm contexts). */
export function typeName(value: unknown): string {
  return Object.prototype.toString.call(value).slice('[object '.length, -1);
}

/** Requires a typed array of one of the types. */
export function requireArray(name: string, what: string, value: unknown, types: readonly string[]): void {
  if (!ArrayBuffer.isView(value) || !types.includes(typeName(value)))
    throw new DatasetError(
      'INVALID_DATA',
      `${name}: ${what} must be a ${types.join(' or ')}; got ${value === null ? 'null' : typeName(value)}.`,
    );
}
