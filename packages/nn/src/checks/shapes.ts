import type * as tf from '@tensorflow/tfjs-core';

import { TaggerError } from '../errors';
import { sameShape } from '../tree';

/**
 * Throws `INVALID_SHAPE` unless a tensor has the given shape; null stands for any size.
 *
 * @param operation the operation's name, for the message
 * @param name the input's name, for the message
 */
export function requireShape(
  operation: string,
  name: string,
  tensor: tf.Tensor,
  shape: readonly (number | null)[],
): void {
  if (tensor.rank === shape.length && shape.every((size, axis) => size === null || size === tensor.shape[axis])) return;
  throw new TaggerError(
    'INVALID_SHAPE',
    `${operation}: '${name}' must have shape [${shape.map((size) => size ?? '*')}], got [${tensor.shape}].`,
  );
}

/** Throws `INVALID_SHAPE` unless a tensor is a scalar or a vector of the given size. */
export function requireVectorOrScalar(operation: string, name: string, tensor: tf.Tensor, size: number): void {
  if (tensor.rank === 0 || sameShape(tensor.shape, [size])) return;
  throw new TaggerError(
    'INVALID_SHAPE',
    `${operation}: '${name}' must be a scalar or have shape [${size}], got [${tensor.shape}].`,
  );
}

/**
 * Throws `INVALID_SHAPE` unless tensors per group are [K, B, N] with K at least 1, tensors per input are [B, N], tensors per
 * pixel of a group are [K, B, N / channels], and scalars are [].
 */
export function checkGroupShapes(
  operation: string,
  {
    input,
    groups,
    pixels = {},
    scalars = {},
    channels = 1,
  }: {
    readonly input: Readonly<Record<string, tf.Tensor>>;
    readonly groups: Readonly<Record<string, tf.Tensor>>;
    readonly pixels?: Readonly<Record<string, tf.Tensor>>;
    readonly channels?: number | undefined;
    readonly scalars?: Readonly<Record<string, tf.Tensor>>;
  },
): void {
  const first = Object.values(groups)[0] as tf.Tensor;
  const ofPixel = [...first.shape.slice(0, -1), (first.shape.at(-1) ?? 0) / channels];
  const fits =
    first.rank === 3 &&
    first.shape[0]! > 0 &&
    Object.values(groups).every(({ shape }) => sameShape(shape, first.shape)) &&
    Object.values(pixels).every(({ shape }) => sameShape(shape, ofPixel)) &&
    ofPixel.every(Number.isInteger) &&
    Object.values(input).every(({ shape }) => sameShape(shape, first.shape.slice(1))) &&
    Object.values(scalars).every(({ rank }) => rank === 0);
  if (fits) return;
  const wanted = [
    `${Object.keys(input).join(', ')} [B, N]`,
    `${Object.keys(groups).join(', ')} [K, B, N]`,
    ...Object.keys(pixels).map((name) => `${name} [K, B, N${channels === 1 ? '' : ` / ${channels}`}]`),
    ...Object.keys(scalars).map((name) => `${name} []`),
  ];
  const all = { ...input, ...groups, ...pixels, ...scalars };
  const given = Object.entries(all).map(([name, { shape }]) => `${name} [${shape}]`);
  throw new TaggerError(
    'INVALID_SHAPE',
    `${operation}: expected ${wanted.join(', ')} with K of at least 1, got ${given.join(', ')}.`,
  );
}
