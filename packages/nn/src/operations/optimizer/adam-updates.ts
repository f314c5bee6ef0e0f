import * as tf from '@tensorflow/tfjs-core';

import { requireShape } from '../../checks/shapes';
import { TaggerError } from '../../errors';
import { defineOperation } from '../../operation';
import { adamUpdateOperation, checkAdamInputs, type AdamSettings } from './adam-update';

/** A parameter and all that one step of Adam changes; each of the same shape. */
export interface AdamTensors {
  /** p */
  readonly parameter: tf.Tensor;
  /** g */
  readonly gradient: tf.Tensor;
  /** Mean gradient, zeros before the first step. */
  readonly m: tf.Tensor;
  /** Mean squared gradient, zeros before the first step. */
  readonly v: tf.Tensor;
  /** Exponential moving average (EMA) of p. All parameters have one, or none. */
  readonly average?: tf.Tensor;
}

/** Settings of {@link adamUpdates}. */
export interface AdamUpdatesSettings extends AdamSettings {
  /** Factor of all gradients, such as that of clipping. @default 1 */
  readonly scale?: tf.Scalar;
  /** d: weight of the average in its update, in [0, 1]. @default 0 */
  readonly averageDecay?: number;
}

/** What {@link adamUpdates} returns for a parameter. */
export type AdamUpdated = {
  /** p' */
  readonly parameter: tf.Tensor;
  /** m' */
  readonly m: tf.Tensor;
  /** v' */
  readonly v: tf.Tensor;
  /** The new average, if there is one. */
  readonly average?: tf.Tensor;
};

type Attributes = Required<AdamSettings> & {
  count: number;
  hasScale: boolean;
  hasAverage: boolean;
  averageDecay: number;
};

/** The inputs of parameter `i`. */
const tensorsOf = (inputs: Record<string, tf.Tensor>, i: number): AdamTensors => {
  const named = (name: string) => inputs[`${name}_${i}`] as tf.Tensor;
  const average = inputs[`average_${i}`];
  return {
    parameter: named('parameter'),
    gradient: named('gradient'),
    m: named('m'),
    v: named('v'),
    ...(average && { average }),
  };
};

/**
 * One step of Adam for all parameters; see {@link adamUpdates}. Kernel `TaggerAdamUpdates`. No gradient.
 *
 * Inputs for each i below `count`: `parameter_i`, `gradient_i`, `m_i`, `v_i`, and `average_i` if `hasAverage`; `scale`, a
 * scalar, if `hasScale`. Outputs, parameter by parameter: the new parameter, m, v and, if there is one, average.
 */
export const adamUpdatesOperation = /* @__PURE__ */ defineOperation<Record<string, tf.Tensor>, Attributes, tf.Tensor[]>(
  {
    kernelName: 'TaggerAdamUpdates',
    check(inputs, attributes) {
      const { count, hasScale, hasAverage, averageDecay } = attributes;
      const expected = (hasAverage ? 5 : 4) * count + Number(hasScale);
      if (Object.keys(inputs).length !== expected) {
        throw new TaggerError('INVALID_OPTION', 'adamUpdates: all parameters must have an average, or none.');
      }
      if (!(averageDecay >= 0 && averageDecay <= 1)) {
        throw new TaggerError('INVALID_OPTION', `adamUpdates: averageDecay must be in [0, 1], not ${averageDecay}.`);
      }
      if (hasScale) requireShape('adamUpdates', 'scale', inputs['scale'] as tf.Tensor, []);
      for (let i = 0; i < count; i++) checkAdamInputs('adamUpdates', { ...tensorsOf(inputs, i) }, attributes);
    },
    compose(inputs, { count, hasScale, hasAverage, averageDecay: d, ...settings }) {
      return Array.from({ length: count }, (_, i) => {
        const { parameter, gradient, m, v, average } = tensorsOf(inputs, i);
        const g = hasScale ? tf.mul(gradient, inputs['scale'] as tf.Scalar) : gradient;
        const updated = adamUpdateOperation({ parameter, gradient: g, m, v }, settings);
        return hasAverage
          ? [...updated, tf.add(tf.mul(average as tf.Tensor, d), tf.mul(updated[0], 1 - d))]
          : [...updated];
      }).flat();
    },
  },
);

/**
 * {@link adamUpdate} for all parameters at once, with clipping and an average: a backend may do it in one pass over memory.
 *
 *     g <- scale g,   then p', m' and v' as adamUpdate has them
 *     average' = d average + (1 - d) p'
 *
 * Returns new tensors and changes none; it has no gradient.
 *
 * @throws TaggerError `INVALID_SHAPE`, `INVALID_OPTION`
 */
export function adamUpdates(
  tensors: readonly AdamTensors[],
  { scale, averageDecay = 0, learningRate, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, step }: AdamUpdatesSettings,
): AdamUpdated[] {
  if (tensors.length === 0) return [];
  const hasAverage = tensors[0]?.average !== undefined;
  const inputs: Record<string, tf.Tensor> = {};
  for (const [i, all] of tensors.entries()) {
    for (const [name, tensor] of Object.entries(all)) if (tensor) inputs[`${name}_${i}`] = tensor as tf.Tensor;
  }
  if (scale) inputs['scale'] = scale;
  const count = tensors.length;
  const outputs = adamUpdatesOperation(inputs, {
    count,
    hasScale: scale !== undefined,
    hasAverage,
    averageDecay,
    learningRate,
    beta1,
    beta2,
    epsilon,
    step,
  });
  const each = outputs.length / count;
  return tensors.map((_, i) => {
    const [parameter, m, v, average] = outputs.slice(each * i, each * (i + 1)) as [
      tf.Tensor,
      tf.Tensor,
      tf.Tensor,
      tf.Tensor?,
    ];
    return { parameter, m, v, ...(average && { average }) };
  });
}
