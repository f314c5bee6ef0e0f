import * as tf from '@tensorflow/tfjs-core';

/**
 * The reductions that compositions use. They are not operations: no gradient, no kernel name.
 *
 * Along the last axis `tf.sum` is fast. Along any other, tfjs's WASM backend transposes first; pooling goes over the rows
 * once, all columns at a time, which is six times faster for sums and a hundred times for maxima. TensorFlow itself reduces
 * any axis well, but adds naively too.
 */

/** Whether the backend's own reductions are better. */
function reducesWell(): boolean {
  return tf.getBackend() === 'tensorflow';
}

/** Values that TensorFlow reduces at once: more than the rows of a layer, so that layers take one operation. */
const MOST = 1024;

/** Values that pooling averages at once: it adds in float32, so its error grows with their number. */
const WINDOW = 64;

/** Mean over the middle axis: [outer, n, inner] -> [outer, 1, inner]. An infinite mean may become NaN. */
export function meanMiddle(x: tf.Tensor3D): tf.Tensor3D {
  const [outer, n, inner] = x.shape;
  if (n === 0) return tf.fill([outer, 1, inner], NaN) as tf.Tensor3D;
  if (n === 1) return tf.clone(x);
  if (reducesWell() ? n <= MOST : n <= WINDOW) return averageWindows(x, n);
  const whole = n - (n % WINDOW);
  const mean = meanMiddle(averageWindows(x, WINDOW));
  if (whole === n) return mean;
  const last = meanMiddle(tf.slice(x, [0, whole, 0], [outer, n - whole, inner]));
  return tf.add(tf.mul(mean, whole / n), tf.mul(last, (n - whole) / n));
}

/** Means of `size` values each along the middle axis, without what remains: [outer, n, inner] -> [outer, n / size, inner]. */
function averageWindows(x: tf.Tensor3D, size: number): tf.Tensor3D {
  const [outer, n, inner] = x.shape;
  const count = Math.floor(n / size);
  if (reducesWell()) {
    if (count === 1 && n === size) return tf.mean(x, 1, true);
    const whole = tf.slice(x, [0, 0, 0], [outer, count * size, inner]);
    // [outer, count size, inner] -> [outer, count, size, inner]
    return tf.mean(tf.reshape(whole, [outer, count, size, inner]), 2);
  }
  // [outer, n, inner] -> [outer, height n, width 1, channels inner]
  const pooled = tf.avgPool(tf.reshape(x, [outer, n, 1, inner]) as tf.Tensor4D, [size, 1], [size, 1], 'valid');
  const means = tf.reshape(pooled, [outer, count, inner]) as tf.Tensor3D;
  // On WASM, pooling turns NaN into -Infinity. The difference is zero, or NaN if the mean is infinite.
  return tf.add(means, tf.sub(means, means));
}

/** Sum over the middle axis: [outer, n, inner] -> [outer, 1, inner]. An infinite sum may become NaN. */
export function sumMiddle(x: tf.Tensor3D): tf.Tensor3D {
  const [outer, n, inner] = x.shape;
  if (n === 0) return tf.zeros([outer, 1, inner]);
  return reducesWell() && n <= MOST ? tf.sum(x, 1, true) : tf.mul(meanMiddle(x), n);
}

/** Maximum over the middle axis: [outer, n, inner] -> [outer, 1, inner]. The result for NaN is undefined. */
export function maxMiddle(x: tf.Tensor3D): tf.Tensor3D {
  const [outer, n, inner] = x.shape;
  if (n === 1) return tf.clone(x);
  if (reducesWell()) return tf.max(x, 1, true);
  return tf.reshape(tf.maxPool(tf.reshape(x, [outer, n, 1, inner]) as tf.Tensor4D, [n, 1], 1, 'valid'), [
    outer,
    1,
    inner,
  ]);
}

/** Sum of each column: [R, D] -> [D]. */
export function sumColumns(x: tf.Tensor2D): tf.Tensor1D {
  const [R, D] = x.shape;
  return tf.reshape(sumMiddle(tf.reshape(x, [1, R, D])), [D]);
}

/** Mean of each column: [R, D] -> [D]. */
export function meanColumns(x: tf.Tensor2D): tf.Tensor1D {
  const [R, D] = x.shape;
  return tf.reshape(meanMiddle(tf.reshape(x, [1, R, D])), [D]);
}

/** Values that {@link sumAll} sums in one chunk; the error of a naive sum grows with their number. */
const CHUNK = 128;

/**
 * Sum of all values, in chunks and then over the sums of the chunks: tfjs's WASM backend adds naively in float32, which is
 * off by a percent for a few million values.
 */
export function sumAll(x: tf.Tensor): tf.Scalar {
  let values = tf.reshape(x, [x.size]) as tf.Tensor1D;
  while (values.size > CHUNK) {
    const missing = (CHUNK - (values.size % CHUNK)) % CHUNK;
    const padded = missing === 0 ? values : tf.pad(values, [[0, missing]]);
    values = tf.sum(tf.reshape(padded, [padded.size / CHUNK, CHUNK]), 1);
  }
  return tf.sum(values) as tf.Scalar;
}

/** Sums a [R, D] gradient to the shape of a parameter that was broadcast: a vector [D] or a scalar. */
export function sumLike(gradient: tf.Tensor2D, parameter: tf.Tensor): tf.Tensor1D | tf.Scalar {
  return parameter.rank === 0 ? sumAll(gradient) : sumColumns(gradient);
}
