import {
  COMBINATOR_PARAMETERS,
  initialWeights,
  type CombinatorGate,
  type CombinatorParameters,
  type TensorTree,
} from '@taggerjs/nn';
import type { Random } from '@taggerjs/random';
import * as tf from '@tensorflow/tfjs-core';

/** The combinator's parameters of one layer, each of the layer's size. */
export type LayerCombinator = { readonly [Name in keyof CombinatorParameters]: tf.Variable<tf.Rank.R1> };

/** The parameters of a Ladder of L layers over its input, by layer, in the notation of the paper. */
export interface LadderParameters {
  /** L: the top layer. */
  readonly top: number;
  /** W_l [d_(l-1), d_l], the encoder's weights, l = 1 .. L. */
  W(layer: number): tf.Variable<tf.Rank.R2>;
  /** b_l [d_l], the encoder's biases, l = 1 .. L. */
  b(layer: number): tf.Variable<tf.Rank.R1>;
  /** c [d_L], the scale of the top softmax. */
  readonly c: tf.Variable<tf.Rank.R1>;
  /** V_l [d_(l+1), d_l], the decoder's weights, l = 0 .. L - 1, from the lowest layer that is decoded on. */
  V(layer: number): tf.Variable<tf.Rank.R2>;
  /** a1_l .. a10_l [d_l], l = 0 .. L, from the lowest layer that is decoded on. */
  a(layer: number): LayerCombinator;
  /** All of them, by name: `W_1`, `b_1`, `V_0`, .., `c`, `a1_0`, .., `a10_L`. */
  readonly tree: TensorTree;
}

/**
 * Creates a Ladder's parameters: weights N(0, 1/fan_in); biases 0; c, a2 and a7 1; the other a 0, except that a10 of the linear
 * gate is 1. Otherwise the gate would be 0 and an untrained Ladder would return zeros, whose normalization makes gradients a
 * hundred times larger.
 *
 * @param sizes d_0, .., d_L
 * @param lowest the lowest layer that is decoded: those below have no V and no a. L + 1 for no decoder at all
 */
export function createLadderParameters(
  sizes: readonly number[],
  gate: CombinatorGate,
  random: Random,
  lowest = 0,
): LadderParameters {
  const size = (layer: number) => sizes[layer] as number;
  const top = sizes.length - 1;
  const tree: Record<string, tf.Variable> = {};
  const weights = (name: string, from: number, to: number) => {
    tree[name] = initialWeights(random.fork(name), [size(from), size(to)]);
  };
  const vector = (name: string, layer: number, value: number) => {
    tree[name] = tf.tidy(() => tf.variable(tf.fill([size(layer)], value)));
  };
  for (let l = 1; l <= top; l++) {
    weights(`W_${l}`, l - 1, l);
    vector(`b_${l}`, l, 0);
    if (l > lowest) weights(`V_${l - 1}`, l, l - 1);
  }
  vector('c', top, 1);
  const ones = gate === 'linear' ? ['a2', 'a7', 'a10'] : ['a2', 'a7'];
  for (let l = lowest; l <= top; l++) {
    for (const name of COMBINATOR_PARAMETERS) vector(`${name}_${l}`, l, ones.includes(name) ? 1 : 0);
  }

  const get = <R extends tf.Rank>(name: string) => tree[name] as tf.Variable<R>;
  const combinators = sizes.map(
    (_, l) => Object.fromEntries(COMBINATOR_PARAMETERS.map((name) => [name, get(`${name}_${l}`)])) as LayerCombinator,
  );
  return {
    top,
    W: (layer) => get(`W_${layer}`),
    b: (layer) => get(`b_${layer}`),
    c: get('c'),
    V: (layer) => get(`V_${layer}`),
    a: (layer) => combinators[layer] as LayerCombinator,
    tree,
  };
}
