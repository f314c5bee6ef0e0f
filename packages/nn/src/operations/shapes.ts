import type * as tf from '@tensorflow/tfjs-core';

import { TaggerError } from '../errors';
import { sameShape } from '../tree';

/**
 * Throws `INVALID_SHAPE` unless a tensor has the shape given; null stands for any size.
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

/** Throws `INVALID_SHAPE` unless a tensor is a scalar or a vector of the size given. */
export function requireVectorOrScalar(operation: string, name: string, tensor: tf.Tensor, size: number): void {
  if (tensor.rank === 0 || sameShape(tensor.shape, [size])) return;
  throw new TaggerError(
    'INVALID_SHAPE',
    `${operation}: '${name}' must be a scalar or have shape [${size}], got [${tensor.shape}].`,
  );
}

/** Throws `INVALID_OPTION` unless a value is one of those allowed. */
export function requireOneOf(operation: string, name: string, value: unknown, allowed: readonly unknown[]): void {
  if (allowed.includes(value)) return;
  throw new TaggerError(
    'INVALID_OPTION',
    `${operation}: '${name}' must be one of ${allowed.map((option) => `'${String(option)}'`).join(', ')}, got ` +
      `'${String(value)}'.`,
  );
}

/** Throws `INVALID_OPTION` unless a value is a finite number above zero. */
export function requirePositive(operation: string, name: string, value: number): void {
  if (Number.isFinite(value) && value > 0) return;
  throw new TaggerError('INVALID_OPTION', `${operation}: '${name}' must be a number above 0, got ${value}.`);
}
