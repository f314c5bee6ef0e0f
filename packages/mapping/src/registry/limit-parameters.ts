import { TaggerError, type Component } from '@taggerjs/nn';
import type { Random } from '@taggerjs/random';
import * as tf from '@tensorflow/tfjs-core';

/** A part may draw more numbers than it keeps: so many times those of the file, and so many at least. */
const FACTOR = 10;
const LEAST = 100_000;

/**
 * The same component, but one that makes no model far larger than a file that describes it: what a file claims is believed
 * only as far as it holds the numbers. It is refused at the first draw of initial parameters that goes too far, or the first
 * number that is reserved without a draw, before they take memory.
 *
 * @param component a core, or a network, whose description comes from a file
 * @param elements how many numbers the file's tensors hold
 * @returns a component whose `create` throws TaggerError `PARAMETER_MISMATCH` if it draws more than ten times as many
 *   numbers, and leaves no variable behind
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
          `The configuration describes a model of far more parameters than the ${elements} numbers that the file holds. It ` +
            'is damaged, or made to exhaust the memory: do not use it.',
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

/** A stream, and all that are forked from it, that tells how many numbers it is to make before it makes them. */
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
