import { COMBINATOR_PARAMETERS, type CombinatorGate, type Norm } from '@taggerjs/nn';
import { references, type ReferenceTensor } from '@taggerjs/nn/testing';

import { first, matMul64, named, normalize64, type Tensors64 } from './tensor64';

/** A Ladder's shape. */
export interface Ladder64Options {
  /** Number of layers L over the input. */
  readonly layers: number;
  readonly gate: CombinatorGate;
  readonly norm: Norm;
}

/** The outputs of the encoder. */
export interface Encoding64 {
  /** s_0 .. s_L. */
  readonly lateral: readonly ReferenceTensor[];
  /** a_L. */
  readonly top: ReferenceTensor;
}

/** The Ladder of Greff et al., A.6, in float64, as the mapping of a Tagger. */
export function ladder64(
  hidden: ReferenceTensor,
  parameters: Tensors64,
  options: Ladder64Options,
): { readonly output: ReferenceTensor; readonly top: ReferenceTensor } {
  const encoding = encode64(hidden, parameters, options.layers, (s) => normalize64(s, options.norm));
  const [output] = decode64(encoding, parameters, options);
  return { output: output as ReferenceTensor, top: encoding.top };
}

/**
 * The encoder. Parameters by their names: `W_1`, `b_1`, `V_0`, `c`, `a1_0`, ..
 *
 * @param normalize applied to a_(l-1) W_l, l = 1 .. L
 */
export function encode64(
  x: ReferenceTensor,
  parameters: Tensors64,
  layers: number,
  normalize: (s: ReferenceTensor, layer: number) => ReferenceTensor,
): Encoding64 {
  const of = (name: string) => named(parameters, name);
  const lateral = [x];
  let a = x;
  for (let l = 1; l <= layers; l++) {
    const s = normalize(matMul64(a, of(`W_${l}`)), l);
    lateral.push(s);
    a =
      l < layers
        ? first(references.addBias({ x: s, bias: of(`b_${l}`) }, { activation: 'relu' }))
        : first(
            references.softmax(
              { x: first(references.biasScale({ x: s, bias: of(`b_${l}`), gain: of('c') })) },
              { axis: 1 },
            ),
          );
  }
  return { lateral, top: a };
}

/** The decoder: shat_lowest .. shat_L, by layer. */
export function decode64(
  { lateral, top }: Encoding64,
  parameters: Tensors64,
  { layers, gate, norm }: Ladder64Options,
  lowest = 0,
): readonly (ReferenceTensor | undefined)[] {
  const of = (name: string) => named(parameters, name);
  const reconstructions: ReferenceTensor[] = [];
  let u = normalize64(top, norm);
  for (let l = layers; ; l--) {
    const vectors = Object.fromEntries(COMBINATOR_PARAMETERS.map((name) => [name, of(`${name}_${l}`)]));
    const shat = first(references.combinator({ s: lateral[l] as ReferenceTensor, u, ...vectors }, { gate }));
    reconstructions[l] = shat;
    if (l === lowest) return reconstructions;
    u = normalize64(matMul64(shat, of(`V_${l - 1}`)), norm);
  }
}
