import * as tf from '@tensorflow/tfjs';

import type { StepSettings } from '../step-settings';
import type { Step } from './step';
import { naiveCost, naiveParameters } from './naive-model';
import { INITIAL_PREDICTION, randomInputs } from './tagger-step';

/**
 * The step in idiomatic plain TensorFlow.js, with its operations, its gradients and its Adam. It shares only the formulas
 * with this project.
 */
export function makeNaiveStep(settings: StepSettings): Step {
  const { batch: B, inputSize: N, groups: K, noise, task } = settings;
  const P = naiveParameters(settings);
  const variables = Object.values(P);
  const adam = tf.train.adam(4e-4);
  const x = tf.tensor2d(randomInputs(settings), [B, N]);

  const corrupt = () =>
    noise === 'bitflip'
      ? tf.abs(tf.sub(x, tf.cast(tf.less(tf.randomUniform([B, N]), 0.2), 'float32')))
      : tf.add(x, tf.randomNormal([B, N], 0, 0.2));
  const cost = (corrupted: tf.Tensor) =>
    naiveCost(P, settings, {
      x,
      corrupted: corrupted as tf.Tensor2D,
      logits: tf.randomNormal([K, B, N]),
      initialPrediction: INITIAL_PREDICTION,
    });
  const train = () => {
    const corrupted = corrupt();
    const { value, grads } = tf.variableGrads(() => cost(corrupted), variables);
    adam.applyGradients(grads as unknown as Record<string, tf.Variable>);
    return value;
  };

  return async () => {
    const result = tf.tidy(task === 'training' ? train : () => cost(x));
    const [value] = await result.data();
    result.dispose();
    return value as number;
  };
}
