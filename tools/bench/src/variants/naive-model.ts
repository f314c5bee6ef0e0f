import * as tf from '@tensorflow/tfjs';

import type { StepSettings } from '../step-settings';
import { makeTagger } from './tagger-step';

/** Named as in saved models. */
export type NaiveParameters = Record<string, tf.Variable>;

/** The inputs of the cost, in addition to the parameters. */
export interface NaiveInputs {
  /** [B, N] */
  readonly x: tf.Tensor2D;
  /** [B, N] */
  readonly corrupted: tf.Tensor2D;
  /** [K, B, N] */
  readonly logits: tf.Tensor3D;
  readonly initialPrediction: number;
}

/** The initial parameters of the model of this project, as variables. */
export function naiveParameters(settings: StepSettings): NaiveParameters {
  const tagger = makeTagger(settings);
  const entries = Object.entries(tagger.parameters()).map(([name, value]) => [name, tf.variable(value)]);
  tagger.dispose();
  return Object.fromEntries(entries) as NaiveParameters;
}

function normalize(a: tf.Tensor2D, kind: 'layer' | 'batch'): tf.Tensor2D {
  const { mean, variance } = tf.moments(a, kind === 'layer' ? 1 : 0, true);
  return tf.div(tf.sub(a, mean), tf.sqrt(tf.add(variance, kind === 'layer' ? 1e-8 : 1e-10)));
}

function combine(P: NaiveParameters, l: number, s: tf.Tensor2D, u: tf.Tensor2D): tf.Tensor2D {
  const a = (i: number) => P[`ladder/a${i}_${l}`] as tf.Variable;
  const mu = tf.add(tf.add(tf.mul(a(1), tf.sigmoid(tf.add(tf.mul(a(2), u), a(3)))), tf.mul(a(4), u)), a(5));
  const v = tf.add(tf.add(tf.mul(a(6), tf.sigmoid(tf.add(tf.mul(a(7), u), a(8)))), tf.mul(a(9), u)), a(10));
  return tf.add(tf.mul(tf.sub(s, mu), tf.sigmoid(v)), mu);
}

function ladder(P: NaiveParameters, h: tf.Tensor2D, sizes: readonly number[], kind: 'layer' | 'batch'): tf.Tensor2D {
  const top = sizes.length - 1;
  const s = [h];
  let a = h;
  for (let l = 1; l <= top; l++) {
    const z = normalize(tf.matMul(a, P[`ladder/W_${l}`] as tf.Tensor2D), kind);
    s.push(z);
    const shifted = tf.add(z, P[`ladder/b_${l}`] as tf.Tensor1D) as tf.Tensor2D;
    a = l < top ? tf.relu(shifted) : tf.softmax(tf.mul(P['ladder/c'] as tf.Tensor1D, shifted) as tf.Tensor2D);
  }
  let hat = a;
  for (let l = top; l >= 0; l--) {
    const u = normalize(l === top ? a : tf.matMul(hat, P[`ladder/V_${l}`] as tf.Tensor2D), kind);
    hat = combine(P, l, s[l] as tf.Tensor2D, u);
  }
  return hat;
}

/** log softmax over the first axis. */
function logSoftmaxOverGroups(logits: tf.Tensor3D): tf.Tensor3D {
  return tf.sub(logits, tf.logSumExp(logits, 0, true));
}

/** The mean of the iterations' denoising costs. */
export function naiveCost(
  P: NaiveParameters,
  settings: StepSettings,
  { x, corrupted, logits, initialPrediction }: NaiveInputs,
): tf.Scalar {
  const { sizes, norm, inputSize: N, groups: K, batch: B, iterations: T } = settings;
  let logM = logSoftmaxOverGroups(logits);
  let m = tf.exp(logM);
  let z = tf.fill([K, B, N], initialPrediction) as tf.Tensor3D;
  const costs: tf.Scalar[] = [];
  for (let i = 0; i < T; i++) {
    let likelihood: tf.Tensor3D;
    let error: tf.Tensor3D;
    if (settings.noise === 'bitflip') {
      const xi = tf.add(tf.mul(z, 0.6), 0.2);
      const explained = tf.add(tf.mul(corrupted, xi), tf.mul(tf.sub(1, corrupted), tf.sub(1, xi)));
      likelihood = tf.div(explained, tf.sum(explained, 0, true));
      error = tf.div(m, tf.add(tf.sub(tf.sum(tf.mul(xi, m), 0, true), 1), corrupted));
    } else {
      const s2 = tf.add(tf.exp(P['logVariance'] as tf.Scalar), 0.04);
      const residual = tf.sub(corrupted, z) as tf.Tensor3D;
      const log = tf.mul(-0.5, tf.add(tf.log(tf.mul(s2, 2 * Math.PI)), tf.div(tf.square(residual), s2))) as tf.Tensor3D;
      likelihood = tf.exp(logSoftmaxOverGroups(log));
      error = tf.mul(tf.mul(residual, m), tf.exp(log));
    }
    const features = tf.reshape(tf.concat([z, m, error, likelihood], 2), [K * B, 4 * N]) as tf.Tensor2D;
    const h = tf.relu(
      tf.add(normalize(tf.matMul(features, P['W_h'] as tf.Tensor2D), norm), P['b_h'] as tf.Tensor1D),
    ) as tf.Tensor2D;
    const o = ladder(P, h, sizes, norm);
    const zhat = tf.add(
      tf.mul(normalize(tf.matMul(o, P['W_z'] as tf.Tensor2D), norm), P['gain_z'] as tf.Tensor1D),
      P['bias_z'] as tf.Tensor1D,
    );
    const mhat = tf.mul(normalize(tf.matMul(o, P['W_m'] as tf.Tensor2D), norm), P['gain_m'] as tf.Scalar);
    logM = logSoftmaxOverGroups(tf.reshape(mhat, [K, B, N]));
    m = tf.exp(logM);
    z = tf.reshape(zhat, [K, B, N]);
    if (settings.noise === 'bitflip') {
      z = tf.sigmoid(z);
      const q = tf.add(tf.mul(tf.sum(tf.mul(m, z), 0), 1 - 2e-4), 1e-4);
      const c = tf.add(tf.mul(x, tf.log(q)), tf.mul(tf.sub(1, x), tf.log(tf.sub(1, q))));
      costs.push(tf.neg(tf.mean(tf.mean(c, 1))) as tf.Scalar);
    } else {
      const v = tf.exp(P['logVariance'] as tf.Scalar);
      const log = tf.mul(-0.5, tf.add(tf.log(tf.mul(v, 2 * Math.PI)), tf.div(tf.square(tf.sub(x, z)), v)));
      costs.push(tf.neg(tf.mean(tf.mean(tf.logSumExp(tf.add(log, logM), 0), 1))) as tf.Scalar);
    }
  }
  return tf.div(tf.addN(costs), T) as tf.Scalar;
}
