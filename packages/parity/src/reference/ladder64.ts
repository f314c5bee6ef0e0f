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

/** The Ladder of Greff et al., A.6, in float64. Parameters by their names: `W_1`, `b_1`, `V_0`, `c`, `a1_0`, .. */
export function ladder64(
  hidden: ReferenceTensor,
  parameters: Tensors64,
  { layers: L, gate, norm }: Ladder64Options,
): { readonly output: ReferenceTensor; readonly top: ReferenceTensor } {
  const of = (name: string) => named(parameters, name);
  const s = [hidden];
  let a = hidden;
  for (let l = 1; l <= L; l++) {
    const lateral = normalize64(matMul64(a, of(`W_${l}`)), norm);
    s.push(lateral);
    a =
      l < L
        ? first(references.addBias({ x: lateral, bias: of(`b_${l}`) }, { activation: 'relu' }))
        : first(
            references.softmax(
              { x: first(references.biasScale({ x: lateral, bias: of(`b_${l}`), gain: of('c') })) },
              { axis: 1 },
            ),
          );
  }
  const top = a;
  let u = normalize64(top, norm);
  for (let l = L; ; l--) {
    const vectors = Object.fromEntries(COMBINATOR_PARAMETERS.map((name) => [name, of(`${name}_${l}`)]));
    const shat = first(references.combinator({ s: s[l] as ReferenceTensor, u, ...vectors }, { gate }));
    if (l === 0) return { output: shat, top };
    u = normalize64(matMul64(shat, of(`V_${l - 1}`)), norm);
  }
}
