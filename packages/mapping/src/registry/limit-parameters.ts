import { TaggerError, type Component } from '@taggerjs/nn';
import type { Random } from '@taggerjs/random';
import * as tf from '@tensorflow/tfjs-core';

/** A part may draw more numbers than it keeps: up to FACTOR times those of the file, and at least LEAST. */
const FACTOR = 10;
const LEAST = 100_000;

/**
 * Limits a component from an untrusted file to about the number of values that the file holds, so that a small file cannot
 * describe a model that exhausts the memory. The component throws before it draws or reserves too many initial values.
 *
 * @param component a core or network that a file describes
 * @param elements number of values in the file's tensors
 * @returns a component whose `create` throws TaggerError `PARAMETER_MISMATCH` if it draws more than ten times as many
 *   values, and then leaves no variable behind
 */
export function limitParameters<
  Instance,
  Environment extends { readonly random: Random; readonly reserve?: (count: number) => void },
>(component: Component<Instance, Environment>, elements: number): Component<Instance, Environment> {
  return {
    config: component.config,
    create(environment) {
      let left = Math.max(FACTOR * elements, LEAST);
      const reserve = (count: number) => {
        left -= count;
        if (left >= 0) return;
        throw new TaggerError(
          'PARAMETER_MISMATCH',
          `The configuration describes a model with far more parameters than the ${elements} values in the file. The ` +
            'file is damaged or malicious: do not use it.',
        );
      };
      const { registeredVariables: variables } = tf.engine();
      const before = new Set(Object.keys(variables));
      try {
        return component.create({ ...environment, random: limited(environment.random, reserve), reserve });
      } catch (error) {
        for (const [name, variable] of Object.entries(variables)) if (!before.has(name)) variable.dispose();
        throw error;
      }
    },
  };
}

/** A stream that, like its forks, reports the number of values before it draws them. */
function limited(random: Random, spend: (count: number) => void): Random {
  return {
    fork: (...labels) => limited(random.fork(...labels), spend),
    uniform(count, options) {
      spend(count);
      return random.uniform(count, options);
    },
    normal(count, options) {
      spend(count);
      return random.normal(count, options);
    },
    bernoulli(count, options) {
      spend(count);
      return random.bernoulli(count, options);
    },
    integers(count, options) {
      spend(count);
      return random.integers(count, options);
    },
    permutation(count) {
      spend(count);
      return random.permutation(count);
    },
    toJSON: () => random.toJSON(),
  };
}
