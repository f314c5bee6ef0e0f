import { countImages, im2col, matMul, swapAxes, TaggerError } from '@taggerjs/nn';
import * as tf from '@tensorflow/tfjs-core';

/** Rows and columns of an image. */
export type ImageSize = readonly [rows: number, columns: number];

/**
 * Turns concatenated images into channels of their pixels: [R, C*P] -> [R*P, C], P pixels per image.
 *
 * @throws TaggerError `INVALID_SHAPE` if the columns are not a multiple of the pixels
 */
export function toPixels(x: tf.Tensor2D, [rows, columns]: ImageSize): tf.Tensor2D {
  const pixels = rows * columns;
  const [R, size] = x.shape;
  if (size % pixels !== 0) {
    throw new TaggerError(
      'INVALID_SHAPE',
      `toPixels: ${size} columns are not a multiple of the ${pixels} pixels of ${rows} x ${columns} images.`,
    );
  }
  const channels = size / pixels;
  return swapAxes(x, [R, channels, pixels, 1], [R * pixels, channels]);
}

/**
 * Halves rows and columns: each 2 x 2 pixels become one with four times the channels, [R*h*w, C] -> [R*h*w/4, 4C]. With a
 * product by weights [4C, D] it is a convolution of stride 2.
 *
 * @throws TaggerError `INVALID_SHAPE` if rows or columns are odd, or x does not hold complete images
 */
export function halve(x: tf.Tensor2D, size: ImageSize): tf.Tensor2D {
  const [rows, columns] = size;
  const images = countImages('halve', 'x', x, size);
  if (rows % 2 !== 0 || columns % 2 !== 0) {
    throw new TaggerError('INVALID_SHAPE', `halve: images of ${rows} x ${columns} pixels cannot be halved.`);
  }
  const C = x.shape[1];
  // [R h/2, 2, w/2, 2C] -> [R h/2, w/2, 2, 2C]
  return swapAxes(x, [(images * rows) / 2, 2, columns / 2, 2 * C], [(images * rows * columns) / 4, 4 * C]);
}

/**
 * The inverse of {@link halve}: each pixel becomes 2 x 2, [R*h*w, 4C] -> [4*R*h*w, C]. `size` is the size of x.
 *
 * @throws TaggerError `INVALID_SHAPE` if the channels are not a multiple of 4, or x does not hold complete images
 */
export function double(x: tf.Tensor2D, size: ImageSize): tf.Tensor2D {
  const [rows, columns] = size;
  const images = countImages('double', 'x', x, size);
  if (x.shape[1] % 4 !== 0) {
    throw new TaggerError('INVALID_SHAPE', `double: ${x.shape[1]} channels are not a multiple of 4.`);
  }
  const C = x.shape[1] / 4;
  // [R h, w, 2, 2C] -> [R h, 2, w, 2C]
  return swapAxes(x, [images * rows, columns, 2, 2 * C], [4 * images * rows * columns, C]);
}

/**
 * A 3 x 3 convolution with zero padding and without bias: im2col, then a matrix product.
 *
 * @param x [R*h*w, C], the pixels of R images
 * @param weights [9C, D], from the upper left neighbor's channels on
 * @returns [R*h*w, D]
 * @throws TaggerError `INVALID_SHAPE` if x does not hold complete images, or the weights do not fit
 */
export function convolve(x: tf.Tensor2D, weights: tf.Tensor2D, size: ImageSize): tf.Tensor2D {
  return tf.tidy(() => matMul(im2col(x, size), weights));
}
