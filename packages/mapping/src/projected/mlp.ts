import {
  checkOptionNames,
  createNormalization,
  disposeTree,
  initialWeights,
  matMul,
  type Norm,
  type Normalization,
} from '@taggerjs/nn';
import * as tf from '@tensorflow/tfjs-core';

import { checkNorm, checkSizes } from '../parts/check-options';
import type { CoreContext } from '../contracts/core';
import { joinStates } from '../parts/join-states';
import type { MappingComponent, MappingEnvironment, ParametricMapping } from '../contracts/parametric-mapping';

/** Options of {@link mlp}. */
export interface MlpOptions {
  /** Sizes d_1 .. d_n of the hidden layers, from the input up; a last layer of size H follows. May be empty. */
  readonly sizes: readonly number[];
  /** The normalization. @default the core's */
  readonly norm?: Norm;
}

/**
 * A multilayer perceptron as the parametric mapping, the simplest replacement for the Ladder:
 *
 *     a_0 = h,   a_l = relu( norm( a_(l-1) W_l ) + b_l ),   l = 1 .. n + 1
 *
 * with sizes H, d_1, .., d_n, H. The last layer has a nonlinearity too, because the core's linear projections follow it
 * and two linear maps in a row are one linear map.
 *
 * Parameters: `W_l` [d_(l-1), d_l], N(0, 1/fan_in) initially; `b_l` [d_l], zeros.
 *
 * @throws TaggerError `INVALID_OPTION` if a size, the norm or the name of an option is invalid
 */
export function mlp(options: MlpOptions): MappingComponent {
  checkOptionNames('mlp', options, ['sizes', 'norm']);
  const { sizes, norm } = options;
  checkSizes('mlp', sizes);
  checkNorm('mlp', norm);
  return {
    config: { type: 'mlp', sizes: [...sizes], ...(norm === undefined ? {} : { norm }) },
    create: (environment) => createMlp(sizes, norm ?? environment.norm, environment),
  };
}

function createMlp(
  hidden: readonly number[],
  norm: Norm,
  { hiddenSize, random }: MappingEnvironment,
): ParametricMapping {
  const sizes = [hiddenSize, ...hidden, hiddenSize];
  const layers = sizes.slice(1).map((size, i) => {
    const weights = `W_${i + 1}`;
    return {
      W: initialWeights(random.fork(weights), [sizes[i] as number, size]),
      b: tf.tidy(() => tf.variable(tf.zeros<tf.Rank.R1>([size]))),
      normalization: createNormalization({ norm, size }),
    };
  });
  const parameters = Object.fromEntries(
    layers.flatMap(({ W, b }, i) => [
      [`W_${i + 1}`, W],
      [`b_${i + 1}`, b],
    ]),
  );
  const normalizations: Record<string, Normalization> = Object.fromEntries(
    layers.map(({ normalization }, i) => [`norm_${i + 1}`, normalization]),
  );
  return {
    apply: (input: tf.Tensor2D, context: CoreContext) => ({
      output: tf.tidy(() =>
        layers.reduce(
          (a, { W, b, normalization }) => normalization.apply(matMul(a, W), context, { bias: b, activation: 'relu' }),
          input,
        ),
      ),
    }),
    parameters: () => parameters,
    ...joinStates(normalizations),
    dispose() {
      disposeTree(parameters);
      for (const normalization of Object.values(normalizations)) normalization.dispose();
    },
  };
}
