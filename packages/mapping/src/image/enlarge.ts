import { TaggerError } from '@taggerjs/nn';
import * as tf from '@tensorflow/tfjs-core';

import type { ImageSize } from './convolve';

/**
 * Weights that make images `factor` times as large, linearly between the middles of their pixels and constant beyond the
 * outermost: [h*w, factor^2*h*w]. A product of images [R, h*w] with them is the large images.
 *
 *     weight( (i, j), (y, x) ) = t(i, y) t(j, x),   t(i, y) = max(0, 1 - |clamp((y + 1/2)/factor - 1/2) - i|)
 *
 * As a product, it has the kernels and the gradient of products, on every backend.
 *
 * @param factor a positive integer
 * @throws TaggerError `INVALID_OPTION` if it is none
 */
export function enlargement([rows, columns]: ImageSize, factor: number): tf.Tensor2D {
  if (!Number.isInteger(factor) || factor < 1) {
    throw new TaggerError('INVALID_OPTION', `enlargement: factor must be a positive integer, not ${factor}.`);
  }
  const along = (count: number) => (i: number, y: number) => {
    const at = Math.min(Math.max((y + 0.5) / factor - 0.5, 0), count - 1);
    return Math.max(0, 1 - Math.abs(at - i));
  };
  const [inRow, inColumn] = [along(rows), along(columns)];
  const [height, width] = [factor * rows, factor * columns];
  const weights = new Float32Array(rows * columns * height * width);
  let place = 0;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      for (let y = 0; y < height; y++) {
        const t = inRow(i, y);
        for (let x = 0; x < width; x++) weights[place++] = t * inColumn(j, x);
      }
    }
  }
  return tf.tensor2d(weights, [rows * columns, height * width]);
}
