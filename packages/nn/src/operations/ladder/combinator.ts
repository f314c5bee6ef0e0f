import * as tf from '@tensorflow/tfjs-core';

import { defineOperation } from '../../operation';
import { columnSum } from '../reduction/column-sum';
import { checkOneOf } from '../../checks/options';
import { requireShape } from '../../checks/shapes';

/** The outer function of the combinator's gate: the sigmoid (the Tagger's), or none (the Ladder's of Rasmus et al.). */
export type CombinatorGate = 'sigmoid' | 'linear';

/** The values of {@link CombinatorGate}. */
export const COMBINATOR_GATES: readonly CombinatorGate[] = ['sigmoid', 'linear'];

/** Names of the combinator's ten vectors, in the order of the formula. */
export const COMBINATOR_PARAMETERS = ['a1', 'a2', 'a3', 'a4', 'a5', 'a6', 'a7', 'a8', 'a9', 'a10'] as const;

/** The combinator's ten vectors, each [D]. */
export type CombinatorParameters = Readonly<Record<(typeof COMBINATOR_PARAMETERS)[number], tf.Tensor1D>>;

type Inputs = { s: tf.Tensor2D; u: tf.Tensor2D } & Record<(typeof COMBINATOR_PARAMETERS)[number], tf.Tensor1D>;
type Attributes = { gate: CombinatorGate };
type Vectors<T> = [T, T, T, T, T, T, T, T, T, T];

const add = (a: tf.Tensor2D, b: tf.Tensor): tf.Tensor2D => tf.add(a, b);
const mul = (a: tf.Tensor2D, b: tf.Tensor): tf.Tensor2D => tf.mul(a, b);

/**
 * The parts of the formula that forward and backward share. Each has its own scope, here and below: memory
 * that is freed at once is still in the cache when the next step reuses it.
 */
function parts({ u, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10 }: Omit<Inputs, 's'>, { gate }: Attributes) {
  const sigmoidOf = (slope: tf.Tensor1D, offset: tf.Tensor1D) => tf.tidy(() => tf.sigmoid(add(mul(u, slope), offset)));
  const combine = (inner: tf.Tensor2D, first: tf.Tensor1D, slope: tf.Tensor1D, offset: tf.Tensor1D) =>
    add(add(mul(inner, first), mul(u, slope)), offset);
  const inner1 = sigmoidOf(a2, a3);
  const mu = tf.tidy(() => combine(inner1, a1, a4, a5));
  const inner2 = sigmoidOf(a7, a8);
  const gated = tf.tidy(() => {
    const linear = combine(inner2, a6, a9, a10);
    return gate === 'sigmoid' ? tf.sigmoid(linear) : linear;
  });
  return { inner1, mu, inner2, gated };
}

/**
 * Gradient of {@link combinatorOperation}. Kernel `TaggerCombinatorGradient`.
 *
 * Inputs dy [R, D] and those of the operation; outputs ds [R, D], du [R, D], then da1 .. da10, each [D].
 */
export const combinatorGradientOperation = /* @__PURE__ */ defineOperation<
  Inputs & { dy: tf.Tensor2D },
  Attributes,
  [tf.Tensor2D, tf.Tensor2D, ...Vectors<tf.Tensor1D>]
>({
  kernelName: 'TaggerCombinatorGradient',
  check({ dy, ...inputs }, attributes) {
    checkInputs('combinatorGradient', inputs as unknown as Inputs, attributes);
    requireShape('combinatorGradient', 'dy', dy, inputs.s.shape);
  },
  compose({ dy, s, ...rest }, attributes) {
    const { u, a1, a2, a4, a6, a7, a9 } = rest;
    const { inner1, mu, inner2, gated } = parts(rest, attributes);
    const slope = (y: tf.Tensor2D) => mul(y, tf.sub(1, y));
    const sumOf = (a: tf.Tensor2D, b: tf.Tensor2D) => tf.tidy(() => columnSum(mul(a, b)));

    const ds = mul(dy, gated);
    const dMu = tf.sub<tf.Tensor2D>(dy, ds);
    const dLinear = tf.tidy(() => {
      const dGated = mul(dy, tf.sub(s, mu));
      return attributes.gate === 'sigmoid' ? mul(dGated, slope(gated)) : dGated;
    });
    // Without the factors a1 and a6, which are the same for all rows and are multiplied in after the sums.
    const d1 = tf.tidy(() => mul(dMu, slope(inner1)));
    const d2 = tf.tidy(() => mul(dLinear, slope(inner2)));
    const du = tf.tidy(() =>
      add(
        tf.tidy(() => add(mul(d1, tf.mul(a1, a2)), mul(dMu, a4))),
        tf.tidy(() => add(mul(d2, tf.mul(a6, a7)), mul(dLinear, a9))),
      ),
    );
    return [
      ds,
      du,
      sumOf(dMu, inner1),
      tf.mul(sumOf(d1, u), a1),
      tf.mul(columnSum(d1), a1),
      sumOf(dMu, u),
      columnSum(dMu),
      sumOf(dLinear, inner2),
      tf.mul(sumOf(d2, u), a6),
      tf.mul(columnSum(d2), a6),
      sumOf(dLinear, u),
      columnSum(dLinear),
    ];
  },
});

/**
 * The Ladder's combinator. Kernel `TaggerCombinator`.
 *
 * Inputs s [R, D], u [R, D], a1 .. a10 each [D]; attribute `gate`; output [R, D].
 */
export const combinatorOperation = /* @__PURE__ */ defineOperation<Inputs, Attributes, [tf.Tensor2D]>({
  kernelName: 'TaggerCombinator',
  check: (inputs, attributes) => checkInputs('combinator', inputs, attributes),
  compose({ s, ...rest }, attributes) {
    const { mu, gated } = parts(rest, attributes);
    return [add(mul(tf.sub(s, mu), gated), mu)];
  },
  // Spelled out because bundlers treat a spread as a side effect and would keep the unused operation.
  saves: { inputs: ['s', 'u', 'a1', 'a2', 'a3', 'a4', 'a5', 'a6', 'a7', 'a8', 'a9', 'a10'] },
  gradient([dy], saved, attributes) {
    const names = ['s', 'u', ...COMBINATOR_PARAMETERS] as const;
    const inputs = Object.fromEntries(names.map((name, i) => [name, saved[i]])) as unknown as Inputs;
    const gradients = combinatorGradientOperation({ dy: dy as tf.Tensor2D, ...inputs }, attributes);
    return Object.fromEntries(names.map((name, i) => [name, () => gradients[i] as tf.Tensor])) as Record<
      keyof Inputs,
      () => tf.Tensor
    >;
  },
});

/**
 * The Ladder's combinator of the lateral s and the vertical u: the gate decides how far a unit follows either.
 *
 *     (s - mu(u)) gate(u) + mu(u)
 *     mu(u)   = a1 sigmoid(a2 u + a3) + a4 u + a5
 *     gate(u) = sigmoid( a6 sigmoid(a7 u + a8) + a9 u + a10 )      without the outer sigmoid for `gate: 'linear'`
 *
 * Greff et al. 2016, A.6; Rasmus et al. 2015, Eq. 2 with the linear gate.
 *
 * @param s lateral signal, [R, D]
 * @param u vertical signal, [R, D]
 * @param parameters a1 .. a10, each [D]
 * @param options the form of the gate
 * @param options.gate whether the gate has its outer sigmoid. @default 'sigmoid'
 * @returns [R, D]
 * @throws TaggerError `INVALID_SHAPE` if u or a vector does not fit, `INVALID_OPTION` for an unknown gate
 */
export function combinator(
  s: tf.Tensor2D,
  u: tf.Tensor2D,
  parameters: CombinatorParameters,
  { gate = 'sigmoid' }: { readonly gate?: CombinatorGate } = {},
): tf.Tensor2D {
  const { a1, a2, a3, a4, a5, a6, a7, a8, a9, a10 } = parameters;
  return combinatorOperation({ s, u, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10 }, { gate })[0];
}

function checkInputs(operation: string, inputs: Inputs, { gate }: Attributes): void {
  const { s } = inputs;
  checkOneOf(operation, 'gate', gate, COMBINATOR_GATES);
  requireShape(operation, 's', s, [null, null]);
  requireShape(operation, 'u', inputs.u, s.shape);
  for (const name of COMBINATOR_PARAMETERS) requireShape(operation, name, inputs[name], [s.shape[1]]);
}
