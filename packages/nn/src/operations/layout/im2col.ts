import * as tf from '@tensorflow/tfjs-core';

import { TaggerError } from '../../errors';
import { defineOperation } from '../../operation';
import { requireShape } from '../../checks/shapes';

type Attributes = { images: number; rows: number; columns: number };

/** Offsets of the 3 x 3 patch around a pixel in an image padded by one pixel, from the upper left on. */
const OFFSETS = /* @__PURE__ */ Array.from({ length: 9 }, (_, i) => [Math.floor(i / 3), i % 3] as const);

/**
 * Gradient of {@link im2colOperation}: every pixel sums the gradients of the patches it belongs to. Kernel
 * `TaggerIm2colGradient`. Input dy [R*h*w, 9C]; output [R*h*w, C].
 */
export const im2colGradientOperation = /* @__PURE__ */ defineOperation<{ dy: tf.Tensor2D }, Attributes, [tf.Tensor2D]>({
  kernelName: 'TaggerIm2colGradient',
  check({ dy }, attributes) {
    const pixels = pixelsOf('im2colGradient', attributes);
    requireShape('im2colGradient', 'dy', dy, [pixels, null]);
    if (dy.shape[1] % 9 === 0) return;
    throw new TaggerError('INVALID_SHAPE', `im2colGradient: 'dy' must have shape [${pixels}, 9*C], got [${dy.shape}].`);
  },
  compose({ dy }, { images, rows, columns }) {
    const C = dy.shape[1] / 9;
    let framed: tf.Tensor4D | undefined;
    for (const [i, [down, right]] of OFFSETS.entries()) {
      const block = tf.slice(dy, [0, i * C], [dy.shape[0], C]);
      const there = tf.pad(tf.reshape(block, [images, rows, columns, C]), [
        [0, 0],
        [down, 2 - down],
        [right, 2 - right],
        [0, 0],
      ]) as tf.Tensor4D;
      framed = framed === undefined ? there : tf.add<tf.Tensor4D>(framed, there);
    }
    const inner = tf.slice(framed as tf.Tensor4D, [0, 1, 1, 0], [images, rows, columns, C]);
    return [tf.reshape(inner, [images * rows * columns, C])];
  },
});

/**
 * The 3 x 3 patch around every pixel, zeros beyond the edge. Kernel `TaggerIm2col`.
 *
 * Input x [R*h*w, C]; output [R*h*w, 9C], from the upper left neighbor on. Attributes `images` R, `rows` h, `columns` w.
 */
export const im2colOperation = /* @__PURE__ */ defineOperation<{ x: tf.Tensor2D }, Attributes, [tf.Tensor2D]>({
  kernelName: 'TaggerIm2col',
  check: ({ x }, attributes) => requireShape('im2col', 'x', x, [pixelsOf('im2col', attributes), null]),
  compose({ x }, { images, rows, columns }) {
    const C = x.shape[1];
    const framed = tf.pad(tf.reshape(x, [images, rows, columns, C]), [
      [0, 0],
      [1, 1],
      [1, 1],
      [0, 0],
    ]);
    const shifted = OFFSETS.map(([down, right]) => tf.slice(framed, [0, down, right, 0], [images, rows, columns, C]));
    return [tf.reshape(tf.concat(shifted, 3), [images * rows * columns, 9 * C])];
  },
  gradient: ([dy], _saved, attributes) => ({
    x: () => im2colGradientOperation({ dy: dy as tf.Tensor2D }, attributes)[0],
  }),
});

/** The number of pixels of all images. */
function pixelsOf(operation: string, { images, rows, columns }: Attributes): number {
  requireImageSize(operation, [rows, columns]);
  if (Number.isInteger(images) && images >= 0) return images * rows * columns;
  throw new TaggerError('INVALID_OPTION', `${operation}: 'images' must be a whole number, got ${String(images)}.`);
}

function requireImageSize(operation: string, size: readonly [rows: number, columns: number]): void {
  if (size.length === 2 && size.every((length) => Number.isInteger(length) && length > 0)) return;
  throw new TaggerError(
    'INVALID_OPTION',
    `${operation}: the size of an image must be rows and columns, whole numbers of at least 1; got [${String(size)}].`,
  );
}

/**
 * The number of images that a matrix of pixels holds.
 *
 * @param operation name of the operation, for the error message
 * @param name name of the input, for the error message
 * @param x [R*h*w, C], the pixels of R images of C channels
 * @param size h and w, whole numbers of at least 1
 * @returns R
 * @throws TaggerError `INVALID_OPTION` if the size is invalid, `INVALID_SHAPE` if the rows are not a multiple of h*w
 */
export function countImages(
  operation: string,
  name: string,
  x: tf.Tensor,
  size: readonly [rows: number, columns: number],
): number {
  requireImageSize(operation, size);
  const [rows, columns] = size;
  const images = x.shape[0]! / (rows * columns);
  if (x.rank === 2 && Number.isInteger(images)) return images;
  throw new TaggerError(
    'INVALID_SHAPE',
    `${operation}: '${name}' must be [R*${rows * columns}, C], the pixels of whole images of ${rows} x ${columns}; got ` +
      `[${x.shape}].`,
  );
}

/**
 * The 3 x 3 patch around every pixel as a row, zeros beyond the edge. Its product with weights [9C, D] is a convolution.
 *
 * @param x [R*h*w, C], the pixels of R images of C channels
 * @param size h and w, whole numbers of at least 1
 * @returns [R*h*w, 9C], the channels of the nine pixels from the upper left on, row by row
 * @throws TaggerError `INVALID_OPTION` if the size is invalid, `INVALID_SHAPE` if the rows are not a multiple of h*w
 */
export function im2col(x: tf.Tensor2D, size: readonly [rows: number, columns: number]): tf.Tensor2D {
  const images = countImages('im2col', 'x', x, size);
  const [rows, columns] = size;
  return im2colOperation({ x }, { images, rows, columns })[0];
}
