import { combinator, matMul, type CombinatorGate } from '@taggerjs/nn';
import type { Tensor2D } from '@tensorflow/tfjs-core';

import type { Encoding, NormalizeLayer } from './encoder';
import type { LadderParameters } from './ladder-parameters';

/**
 * The Ladder's decoder (A.6), layer by layer from the top to the reconstruction of the input:
 *
 *     u_L = norm( a_L ),   u_l = norm( shat_(l+1) V_l )               l = L-1 .. 0
 *     shat_l = (s_l - mu(u_l)) * gate(u_l) + mu(u_l)                  l = L .. 0
 *     mu(u)   = a1 sigmoid(a2 u + a3) + a4 u + a5
 *     gate(u) = sigmoid( a6 sigmoid(a7 u + a8) + a9 u + a10 ), or without the outer sigmoid
 *
 * @param lowest the layer to stop at
 * @returns by layer, shat_lowest .. shat_L, [rows, d_l] each; nothing below `lowest`
 */
export function decode(
  { lateral: s, top: a }: Encoding,
  { top: L, V, a: parameters }: LadderParameters,
  gate: CombinatorGate,
  norm: NormalizeLayer,
  lowest = 0,
): readonly (Tensor2D | undefined)[] {
  const reconstructions: (Tensor2D | undefined)[] = Array.from({ length: L + 1 });
  let input = a;
  for (let l = L; l >= lowest; l--) {
    const u = norm(input, l);
    const shat = combinator(s[l] as Tensor2D, u, parameters(l), { gate });
    reconstructions[l] = shat;
    if (l > lowest) input = matMul(shat, V(l - 1));
  }
  return reconstructions;
}
