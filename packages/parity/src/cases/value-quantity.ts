import type * as tf from '@tensorflow/tfjs-core';

import type { Quantity } from '../parity-case';

/** A tensor and its expected value, including the shape. */
export async function valueQuantity(
  label: string,
  tensor: tf.Tensor,
  { shape, data }: { readonly shape: readonly number[]; readonly data: ArrayLike<number> },
): Promise<Quantity> {
  return {
    label,
    kind: 'value',
    actual: await tensor.data(),
    expected: data,
    shapes: { actual: tensor.shape, expected: shape },
  };
}
