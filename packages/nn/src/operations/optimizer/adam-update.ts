import * as tf from '@tensorflow/tfjs-core';

import { TaggerError } from '../../errors';
import { defineOperation } from '../../operation';
import { sameShape } from '../../tree';

/** Settings of one step of Adam; see {@link adamUpdate}. */
export interface AdamSettings {
  /** alpha: the learning rate of this step. */
  readonly learningRate: number;
  /** Decay of the mean gradient, in [0, 1). @default 0.9 */
  readonly beta1?: number;
  /** Decay of the mean squared gradient, in [0, 1). @default 0.999 */
  readonly beta2?: number;
  /** Added to the root of the mean square, positive. @default 1e-8 */
  readonly epsilon?: number;
  /** t: the number of this step, from 1, for the bias correction. */
  readonly step: number;
}

type Inputs = { parameter: tf.Tensor; gradient: tf.Tensor; m: tf.Tensor; v: tf.Tensor };
type Attributes = { learningRate: number; beta1: number; beta2: number; epsilon: number; step: number };

/**
 * One step of Adam; see {@link adamUpdate}. Kernel `TaggerAdamUpdate`. No gradient.
 *
 * Inputs: parameter, gradient, m, v of one shape; attributes: learningRate, beta1, beta2, epsilon, step; outputs: the
 * new parameter, m and v.
 */
export const adamUpdateOperation = /* @__PURE__ */ defineOperation<
  Inputs,
  Attributes,
  [tf.Tensor, tf.Tensor, tf.Tensor]
>({
  kernelName: 'TaggerAdamUpdate',
  check: (inputs, attributes) => checkAdamInputs('adamUpdate', inputs, attributes),
  compose({ parameter, gradient, m, v }, { learningRate, beta1, beta2, epsilon, step }) {
    const mean = tf.add(tf.mul(m, beta1), tf.mul(gradient, 1 - beta1));
    const square = tf.add(tf.mul(v, beta2), tf.mul(tf.square(gradient), 1 - beta2));
    // The bias corrections are plain numbers: in float64, and no pass over the tensors.
    const root = tf.mul(tf.sqrt(square), 1 / Math.sqrt(1 - beta2 ** step));
    const change = tf.mul(tf.div(mean, tf.add(root, epsilon)), learningRate / (1 - beta1 ** step));
    return [tf.sub(parameter, change), mean, square];
  },
});

/** Checks shapes and settings of a step of Adam. */
export function checkAdamInputs(
  operation: string,
  inputs: Readonly<Record<string, tf.Tensor>>,
  { learningRate, beta1, beta2, epsilon, step }: Attributes,
): void {
  const all = Object.entries(inputs);
  const [, first] = all[0] as [string, tf.Tensor];
  if (!all.every(([, { shape }]) => sameShape(shape, first.shape))) {
    const came = all.map(([name, { shape }]) => `${name} [${shape}]`).join(', ');
    throw new TaggerError('INVALID_SHAPE', `${operation}: expected tensors of the same shape, got ${came}.`);
  }
  const settings: readonly (readonly [string, boolean, number, string])[] = [
    ['learningRate', Number.isFinite(learningRate), learningRate, 'finite'],
    ['beta1', beta1 >= 0 && beta1 < 1, beta1, 'at least 0 and below 1'],
    ['beta2', beta2 >= 0 && beta2 < 1, beta2, 'at least 0 and below 1'],
    ['epsilon', epsilon > 0 && epsilon < Infinity, epsilon, 'positive'],
    ['step', Number.isInteger(step) && step >= 1, step, 'an integer from 1'],
  ];
  for (const [name, valid, value, range] of settings) {
    if (!valid) throw new TaggerError('INVALID_OPTION', `${operation}: ${name} must be ${range}, not ${value}.`);
  }
}

/**
 * One step of Adam with bias correction (Kingma & Ba, "Adam: A Method for Stochastic Optimization", 2015, Alg. 1).
 *
 *     m' = beta1 m + (1 - beta1) g
 *     v' = beta2 v + (1 - beta2) g^2
 *     p' = p - alpha (m' / (1 - beta1^t)) / (sqrt(v' / (1 - beta2^t)) + epsilon)
 *
 * Returns new tensors and changes none; it has no gradient.
 *
 * @param parameter p: of any shape
 * @param gradient g: of the same shape
 * @param m mean gradient, zeros before the first step: of the same shape
 * @param v mean squared gradient, zeros before the first step: of the same shape
 * @param settings the learning rate, the step t, and the decays
 * @returns the new parameter, m and v
 * @throws TaggerError `INVALID_SHAPE`, `INVALID_OPTION`
 */
export function adamUpdate<T extends tf.Tensor>(
  parameter: T,
  gradient: T,
  m: T,
  v: T,
  { learningRate, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, step }: AdamSettings,
): [parameter: T, m: T, v: T] {
  const attributes = { learningRate, beta1, beta2, epsilon, step };
  return adamUpdateOperation({ parameter, gradient, m, v }, attributes) as unknown as [T, T, T];
}
