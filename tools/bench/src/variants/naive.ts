import '@tensorflow/tfjs';

import { useWasm } from '@taggerjs/backend-wasm';
import * as tf from '@tensorflow/tfjs';

import { randomInputs, type StepRunner, type StepSettings } from '../step-settings';

type Parameters = Record<string, tf.Variable>;

/**
 * The step as one would write it in plain TensorFlow.js: its operations, its gradients, its Adam. Nothing of this project
 * but the formulas.
 */
export async function naive(settings: StepSettings): Promise<StepRunner> {
  const { threads } = settings;
  await useWasm({ threads });
  const { batch: B, inputSize: N, groups: K } = settings;
  const P = makeParameters(settings);
  const adam = tf.train.adam(4e-4);
  const x = tf.tensor2d(randomInputs(settings), [B, N]);
  const variables = Object.values(P);
  return {
    description: `plain tfjs operations and gradients, ${threads} thread${threads === 1 ? '' : 's'}`,
    async step() {
      const cost = tf.tidy(() => {
        const corrupted =
          settings.noise === 'bitflip'
            ? tf.abs(tf.sub(x, tf.cast(tf.less(tf.randomUniform([B, N]), 0.2), 'float32')))
            : tf.add(x, tf.randomNormal([B, N], 0, 0.2));
        const logits = tf.randomNormal([K, B, N]);
        const { value, grads } = tf.variableGrads(
          () => totalCost(P, settings, x, corrupted as tf.Tensor2D, logits as tf.Tensor3D),
          variables,
        );
        adam.applyGradients(grads as unknown as Parameters);
        return value;
      });
      const [value] = await cost.data();
      cost.dispose();
      return value as number;
    },
  };
}

function makeParameters({ sizes, inputSize: N, noise }: StepSettings): Parameters {
  const weights = (rows: number, columns: number) => tf.randomNormal([rows, columns], 0, 1 / Math.sqrt(rows));
  const P: Record<string, tf.Tensor> = {};
  const H = sizes[0] as number;
  const top = sizes.length - 1;
  P['W_h'] = weights(4 * N, H);
  P['b_h'] = tf.zeros([H]);
  for (let l = 1; l <= top; l++) {
    const [below, size] = [sizes[l - 1] as number, sizes[l] as number];
    P[`W_${l}`] = weights(below, size);
    P[`b_${l}`] = tf.zeros([size]);
    P[`V_${l - 1}`] = weights(size, below);
  }
  P['c'] = tf.ones([sizes[top] as number]);
  for (let l = 0; l <= top; l++) {
    for (let i = 1; i <= 10; i++) P[`a${i}_${l}`] = tf.fill([sizes[l] as number], i === 2 || i === 7 ? 1 : 0);
  }
  P['W_z'] = weights(H, N);
  P['W_m'] = weights(H, N);
  P['gain_z'] = tf.ones([N]);
  P['bias_z'] = tf.zeros([N]);
  P['gain_m'] = tf.scalar(1);
  if (noise === 'gaussian') P['logVariance'] = tf.scalar(0);
  return Object.fromEntries(Object.entries(P).map(([name, value]) => [name, tf.variable(value)]));
}

function normalize(a: tf.Tensor2D, kind: 'layer' | 'batch'): tf.Tensor2D {
  const { mean, variance } = tf.moments(a, kind === 'layer' ? 1 : 0, true);
  return tf.div(tf.sub(a, mean), tf.sqrt(tf.add(variance, kind === 'layer' ? 1e-8 : 1e-10)));
}

function combine(P: Parameters, l: number, s: tf.Tensor2D, u: tf.Tensor2D): tf.Tensor2D {
  const a = (i: number) => P[`a${i}_${l}`] as tf.Variable;
  const mu = tf.add(tf.add(tf.mul(a(1), tf.sigmoid(tf.add(tf.mul(a(2), u), a(3)))), tf.mul(a(4), u)), a(5));
  const v = tf.add(tf.add(tf.mul(a(6), tf.sigmoid(tf.add(tf.mul(a(7), u), a(8)))), tf.mul(a(9), u)), a(10));
  return tf.add(tf.mul(tf.sub(s, mu), tf.sigmoid(v)), mu);
}

function ladder(P: Parameters, h: tf.Tensor2D, sizes: readonly number[], kind: 'layer' | 'batch'): tf.Tensor2D {
  const top = sizes.length - 1;
  const s = [h];
  let a = h;
  for (let l = 1; l <= top; l++) {
    const z = normalize(tf.matMul(a, P[`W_${l}`] as tf.Tensor2D), kind);
    s.push(z);
    const shifted = tf.add(z, P[`b_${l}`] as tf.Tensor1D) as tf.Tensor2D;
    a = l < top ? tf.relu(shifted) : tf.softmax(tf.mul(P['c'] as tf.Tensor1D, shifted) as tf.Tensor2D);
  }
  let hat = a;
  for (let l = top; l >= 0; l--) {
    const u = normalize(l === top ? a : tf.matMul(hat, P[`V_${l}`] as tf.Tensor2D), kind);
    hat = combine(P, l, s[l] as tf.Tensor2D, u);
  }
  return hat;
}

/** log softmax over the first axis. */
function logSoftmaxOverGroups(logits: tf.Tensor3D): tf.Tensor3D {
  return tf.sub(logits, tf.logSumExp(logits, 0, true));
}

function totalCost(
  P: Parameters,
  settings: StepSettings,
  x: tf.Tensor2D,
  corrupted: tf.Tensor2D,
  logits: tf.Tensor3D,
): tf.Scalar {
  const { sizes, norm, inputSize: N, groups: K, batch: B, iterations: T } = settings;
  let logM = logSoftmaxOverGroups(logits);
  let m = tf.exp(logM);
  let z = tf.fill([K, B, N], 0.28) as tf.Tensor3D;
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
