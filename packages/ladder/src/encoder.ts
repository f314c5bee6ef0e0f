import { addBias, biasScale, matMul, softmax } from '@taggerjs/nn';
import type { Tensor2D } from '@tensorflow/tfjs-core';

import type { LadderParameters } from './ladder-parameters';

/**
 * Normalizes what enters a layer, [rows, d_l] -> [rows, d_l]. Anything else that happens to it there, such as noise, is also
 * done here.
 */
export type NormalizeLayer = (x: Tensor2D, layer: number) => Tensor2D;

/** The outputs of the encoder. */
export interface Encoding {
  /** s_0 .. s_L, [rows, d_l] each: the lateral inputs of the decoder. s_0 is the input itself. */
  readonly lateral: readonly Tensor2D[];
  /** a_L [rows, d_L]: the softmax at the top. */
  readonly top: Tensor2D;
}

/**
 * The Ladder's encoder (A.6), layer by layer from the input h [rows, d_0] to the top:
 *
 *     s_0 = a_0 = h
 *     s_l = norm( a_(l-1) W_l ),   a_l = relu( s_l + b_l )            l = 1 .. L-1
 *     s_L = norm( a_(L-1) W_L ),   a_L = softmax( c (s_L + b_L) )
 */
export function encode(h: Tensor2D, { top: L, W, b, c }: LadderParameters, norm: NormalizeLayer): Encoding {
  const lateral = [h];
  let a = h;
  for (let l = 1; l <= L; l++) {
    const s = norm(matMul(a, W(l)), l);
    lateral.push(s);
    a = l < L ? addBias(s, b(l), { activation: 'relu' }) : softmax(biasScale(s, b(L), c));
  }
  return { lateral, top: a };
}
