import * as tf from '@tensorflow/tfjs-core';

/** Sum over the channels of each pixel, which are next to each other: [.., P*C] -> [.., P]. With one channel, x itself. */
export function sumChannels<T extends tf.Tensor>(x: T, channels: number): T {
  if (channels === 1) return x;
  const sums = tf.sum(tf.reshape(x, [x.size / channels, channels]), 1);
  return tf.reshape(sums, [...x.shape.slice(0, -1), (x.shape.at(-1) as number) / channels]) as T;
}

/** Gives every channel of a pixel the pixel's value: [.., P] -> [.., P*C]. With one channel, x itself. */
export function repeatChannels<T extends tf.Tensor>(x: T, channels: number): T {
  if (channels === 1) return x;
  const values = tf.mul(tf.reshape(x, [x.size, 1]), tf.ones([1, channels]));
  return tf.reshape(values, [...x.shape.slice(0, -1), (x.shape.at(-1) as number) * channels]) as T;
}
