import {
  checkNorm,
  checkOptionNames,
  checkSizes,
  joinStates,
  type MappingComponent,
  type MappingEnvironment,
  type ParametricMapping,
} from '@taggerjs/mapping';
import {
  COMBINATOR_GATES,
  createNormalization,
  disposeTree,
  reshape,
  TaggerError,
  type CombinatorGate,
  type Norm,
  type Normalization,
} from '@taggerjs/nn';
import * as tf from '@tensorflow/tfjs-core';

import { decode } from './decoder';
import { encode, type NormalizeLayer } from './encoder';
import { createLadderParameters } from './ladder-parameters';

/** Options of {@link ladder}. */
export interface LadderOptions {
  /** Sizes d_1 .. d_L of the layers over the input, whose size d_0 is the core's H. At least 2 each. */
  readonly sizes: readonly number[];
  /**
   * The gate of the combinator: `'sigmoid'` squashes it, the modification of the Tagger's authors (A.6); `'linear'` leaves
   * it as the Ladder's authors have it.
   *
   * @default 'sigmoid'
   */
  readonly gate?: CombinatorGate;
  /** The normalization. @default the core's */
  readonly norm?: Norm;
  /**
   * Number of classes C if the top layer classifies: its size d_L must then be C + 1, the last unit meaning "no object", and
   * its softmax gives the class probabilities of each row.
   *
   * @default the top layer does not classify
   */
  readonly classes?: number;
}

/**
 * The Ladder network (Rasmus et al. 2015) as the Tagger's parametric mapping (A.6), without noise inside and without
 * layer-wise costs. With sizes d_0 = H, d_1, .., d_L:
 *
 *     encoder:  s_0 = a_0 = h
 *               s_l = norm( a_(l-1) W_l ),   a_l = relu( s_l + b_l )                l = 1 .. L-1
 *               s_L = norm( a_(L-1) W_L ),   a_L = softmax( c (s_L + b_L) )
 *     decoder:  u_L = norm( a_L );   u_l = norm( shat_(l+1) V_l )
 *               shat_l = (s_l - mu(u_l)) * gate(u_l) + mu(u_l)                       l = L .. 0
 *               mu(u)   = a1 sigmoid(a2 u + a3) + a4 u + a5
 *               gate(u) = sigmoid( a6 sigmoid(a7 u + a8) + a9 u + a10 )              'linear': without the outer sigmoid
 *     output:   shat_0  [rows, H]
 *
 * Parameters: `W_l` [d_(l-1), d_l], `V_l` [d_(l+1), d_l], N(0, 1/fan_in) initially; `b_l` [d_l], zeros; `c` [d_L], ones;
 * `a1_l` .. `a10_l` [d_l], ones for a2 and a7 (and for a10 if the gate is linear), else zeros.
 *
 * @throws TaggerError `INVALID_OPTION` if an option is unknown or out of range
 */
export function ladder(options: LadderOptions): MappingComponent {
  checkOptionNames('ladder', options, ['sizes', 'gate', 'norm', 'classes']);
  const { sizes, gate = 'sigmoid', norm, classes } = options;
  // A single unit is constant after layer normalization and after the softmax.
  checkSizes('ladder', sizes, 2);
  checkNorm('ladder', norm);
  if (sizes.length === 0) {
    throw new TaggerError('INVALID_OPTION', 'ladder: sizes must have at least one layer, such as [500].');
  }
  if (!COMBINATOR_GATES.includes(gate)) {
    throw new TaggerError('INVALID_OPTION', `ladder: gate must be 'sigmoid' or 'linear', not ${JSON.stringify(gate)}.`);
  }
  if (classes !== undefined && (!Number.isInteger(classes) || classes < 1 || sizes.at(-1) !== classes + 1)) {
    throw new TaggerError(
      'INVALID_OPTION',
      `ladder: classes must be a positive integer, and the top layer must have classes + 1 units (one for "no object"); got ` +
        `classes ${JSON.stringify(classes)} and a top layer of ${sizes.at(-1)} units.`,
    );
  }
  return {
    config: {
      type: 'ladder',
      sizes: [...sizes],
      gate,
      ...(norm === undefined ? {} : { norm }),
      ...(classes === undefined ? {} : { classes }),
    },
    create: (environment) =>
      createLadder(
        [environment.hiddenSize, ...sizes],
        gate,
        norm ?? environment.norm,
        classes !== undefined,
        environment,
      ),
  };
}

function createLadder(
  sizes: readonly number[],
  gate: CombinatorGate,
  norm: Norm,
  classifies: boolean,
  { random }: MappingEnvironment,
): ParametricMapping {
  const parameters = createLadderParameters(sizes, gate, random);
  // s_1 .. s_L of the encoder and u_0 .. u_L of the decoder, each with its own statistics.
  const normalizations: Record<string, Normalization> = {};
  for (const [l, size] of sizes.entries()) {
    if (l > 0) normalizations[`s_${l}`] = createNormalization({ norm, size });
    normalizations[`u_${l}`] = createNormalization({ norm, size });
  }
  return {
    apply: (hidden, context) =>
      tf.tidy(() => {
        const normalize =
          (prefix: 's' | 'u'): NormalizeLayer =>
          (x, layer) =>
            (normalizations[`${prefix}_${layer}`] as Normalization).apply(x, context);
        const encoding = encode(hidden, parameters, normalize('s'));
        const [output] = decode(encoding, parameters, gate, normalize('u')) as [tf.Tensor2D];
        return {
          output,
          ...(classifies && { classProbabilities: encoding.top }),
          // A separate tensor, so that the caller can dispose every output.
          ...(context.topActivation && { topActivation: reshape<tf.Rank.R2>(encoding.top, encoding.top.shape) }),
        };
      }),
    parameters: () => parameters.tree,
    ...joinStates(normalizations),
    dispose() {
      disposeTree(parameters.tree);
      for (const normalization of Object.values(normalizations)) normalization.dispose();
    },
  };
}
