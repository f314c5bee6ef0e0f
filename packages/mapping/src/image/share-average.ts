import { matMul, reshape, swapAxes } from '@taggerjs/nn';
import * as tf from '@tensorflow/tfjs-core';

import type { ImageSize } from './convolve';

/**
 * The average of each image, times weights, copied to all its pixels: [R*P, C] -> [R*P, D], P pixels per image.
 *
 *     y_(r,p) = ( sum over p' of x_(r,p') / P ) W
 *
 * Made of matrix products, which have kernels and gradients on every backend.
 *
 * @param x pixels of R images: [R*P, C]
 * @param weights W: [C, D]
 */
export function shareAverage(x: tf.Tensor2D, weights: tf.Tensor2D, [rows, columns]: ImageSize): tf.Tensor2D {
  return tf.tidy(() => {
    const pixels = rows * columns;
    const [C, D] = weights.shape;
    const images = x.shape[0] / pixels;
    const channels = swapAxes<tf.Rank.R2>(x, [images, pixels, C, 1], [images * C, pixels]);
    const average = matMul(channels, tf.fill([pixels, 1], 1 / pixels) as tf.Tensor2D);
    const mixed = matMul(reshape<tf.Rank.R2>(average, [images, C]), weights);
    const shared = matMul(reshape<tf.Rank.R2>(mixed, [images * D, 1]), tf.ones<tf.Rank.R2>([1, pixels]));
    return swapAxes(shared, [images, D, pixels, 1], [images * pixels, D]);
  });
}
