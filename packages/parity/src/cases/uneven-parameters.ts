import { uneven } from '@taggerjs/nn/testing';

import { tensor64, type Tensors64 } from '../reference/tensor64';

/**
 * Parameters moved away from their initial values, unevenly and by up to 0.3: with gains of one, biases of zero and half of
 * the combinator off, mistakes would go unnoticed.
 */
export function unevenParameters(parameters: Tensors64): Tensors64 {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, { shape, data }], i) => {
      const moves = uneven(shape, { seed: i + 1, from: -0.3, to: 0.3 }).data;
      return [
        name,
        tensor64(
          shape,
          data.map((value, j) => Math.fround(value + (moves[j] as number))),
        ),
      ];
    }),
  );
}
