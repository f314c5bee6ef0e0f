import {
  add,
  addBias,
  biasScale,
  checkOneOf,
  checkOptionNames,
  createNormalization,
  disposeTree,
  featureProduct,
  initialWeights,
  joinTrees,
  matMul,
  sameShape,
  TaggerError,
  type ComponentConfig,
  type Norm,
} from '@taggerjs/nn';
import * as tf from '@tensorflow/tfjs-core';

import { checkCoreInput } from '../contracts/check-core-input';
import { checkNorm } from '../parts/check-options';
import type { ComponentRegistries } from '../registry/component-registries';
import type { Core, CoreComponent, CoreContext, CoreEnvironment, CoreOutput } from '../contracts/core';
import { filled } from '../parts/filled';
import { joinStates } from '../parts/join-states';
import { resolveMapping } from '../registry/mappings';
import { componentName } from '../registry/module-type';
import type { MappingComponent, MappingOutput } from '../contracts/parametric-mapping';
import { checkPredictionInit, initialPredictions } from '../parts/prediction-init';
import { isComponent } from '../registry/resolve-component';

/** Options of {@link projected}. */
export interface ProjectedOptions {
  /** Hidden size H, the mapping's input and output. */
  readonly hiddenSize: number;
  /** The normalization of the projections, and the default of the mapping's. @default 'layer' */
  readonly norm?: Norm;
  /**
   * Initial scale and offset of the predictions. `'constant'`: gain_z = 1, bias_z = 0. `'data'`: gain_z = Std[x],
   * bias_z = E[x] of the training data, whose statistics the model then needs.
   *
   * @default 'constant'
   */
  readonly predictionInit?: 'constant' | 'data';
  /**
   * What a group predicts: a value of its own for every element, or, with `'uniform'`, one color for the whole image, as for
   * objects of one color. Then the assignment alone has the shape of an object.
   *
   * @default 'elements'
   */
  readonly prediction?: 'elements' | 'uniform';
  /**
   * Whether the assignment also receives the assignment likelihood L of its own pixel directly. The mapping then does not have to
   * pass on every pixel.
   *
   * @default false
   */
  readonly assignmentSkip?: boolean;
  /** The mapping, such as `ladder({ sizes })` or `mlp({ sizes })`, or its JSON, `{ type: 'mlp', sizes: [100] }`. */
  readonly mapping: MappingComponent | ComponentConfig;
}

/**
 * The Tagger's core: a parametric mapping between two linear projections (A.6, Alg. 2).
 *
 *     h    = relu( norm( [z, m, dz, L] W_h ) + b_h )      [K*B, (2C+2)P] -> [K*B, H]
 *     o    = mapping(h)                                   [K*B, H]
 *     zhat = norm( o W_z ) * gain_z + bias_z              [K*B, N]
 *     mhat = norm( o W_m ) * gain_m                       [K*B, P]
 *
 * for inputs of P pixels with C channels, N = P*C; with one channel, P = N. With `prediction: 'uniform'`, all pixels of a group
 * have the prediction of one pixel,
 *
 *     zhat = o W_z + bias_z                               [K*B, C], repeated for each pixel
 *
 * with `W_z` [H, C], multiplied by the scale of `predictionInit` initially, `bias_z` [C], and no `gain_z`.
 *
 * With `assignmentSkip`, `mhat` also has `gain_L * L`, with `gain_L` [P], 4 initially.
 *
 * Parameters: `W_h` [(2C+2)P, H], `W_z` [H, N] and `W_m` [H, P], N(0, 1/fan_in) initially; `b_h` [H], zeros; `gain_z` and `bias_z`
 * [N], see `predictionInit`; `gain_m`, a scalar, 1; and the mapping's under its name, such as `ladder/W_1`. The paper's
 * W_u is [W_z, W_m].
 *
 * @param registries further mappings that the mapping's JSON may name, in addition to those of this package
 * @throws TaggerError `INVALID_OPTION` if an option is out of range; `UNKNOWN_TYPE` if the mapping's JSON names
 * one that is not registered. When the core is created, `INVALID_OPTION` also where `predictionInit` is 'data' and the data's
 * mean and standard deviation are not known, not finite, or the latter is 0
 */
export function projected(options: ProjectedOptions, registries: ComponentRegistries = {}): CoreComponent {
  checkOptionNames('projected', options, [
    ...(['hiddenSize', 'norm', 'predictionInit', 'prediction', 'assignmentSkip', 'mapping'] as const),
  ]);
  const { hiddenSize, norm = 'layer', predictionInit = 'constant', prediction = 'elements' } = options;
  const { assignmentSkip = false } = options;
  if (!Number.isInteger(hiddenSize) || hiddenSize < 1) {
    throw new TaggerError(
      'INVALID_OPTION',
      `projected: hiddenSize must be a positive integer, got ${JSON.stringify(hiddenSize)}.`,
    );
  }
  checkNorm('projected', norm);
  checkPredictionInit('projected', predictionInit);
  checkOneOf('projected', 'prediction', prediction, ['elements', 'uniform']);
  if (typeof assignmentSkip !== 'boolean') {
    throw new TaggerError(
      'INVALID_OPTION',
      `projected: assignmentSkip must be true or false, got ${JSON.stringify(assignmentSkip)}.`,
    );
  }
  if (options.mapping === undefined) {
    throw new TaggerError(
      'INVALID_OPTION',
      'projected: mapping is missing. Pass a component, `mapping: mlp({ sizes: [100] })`, or its JSON, `mapping: { type: ' +
        "'mlp', sizes: [100] }`.",
    );
  }
  const mapping = isComponent(options.mapping) ? options.mapping : resolveMapping(options.mapping, registries);
  return {
    config: {
      type: 'projected',
      ...{ hiddenSize, norm, predictionInit },
      ...(prediction === 'elements' ? {} : { prediction }),
      ...(assignmentSkip && { assignmentSkip }),
      mapping: mapping.config,
    },
    create: (environment) =>
      createProjected({ hiddenSize, norm, predictionInit, prediction, assignmentSkip, mapping }, environment),
  };
}

function createProjected(
  options: Required<ProjectedOptions> & { readonly mapping: MappingComponent },
  { inputSize, channels = 1, random, data }: CoreEnvironment,
): Core {
  const { hiddenSize, norm, predictionInit } = options;
  const uniform = options.prediction === 'uniform';
  const initial = initialPredictions('projected', predictionInit, data);
  const pixels = inputSize / channels;

  const name = componentName(options.mapping.config.type);
  const norms = {
    norm_h: createNormalization({ norm, size: hiddenSize }),
    ...(!uniform && { norm_z: createNormalization({ norm, size: inputSize }) }),
    norm_m: createNormalization({ norm, size: pixels }),
  };
  if (Object.hasOwn(norms, name)) {
    throw new TaggerError(
      'INVALID_OPTION',
      `projected: the mapping cannot be named '${name}', the name of a normalization.`,
    );
  }
  const { norm_h, norm_z, norm_m } = norms;
  const predicted = uniform ? channels : inputSize;
  const mapping = options.mapping.create({ hiddenSize, norm, random: random.fork(name) });
  const own = {
    W_h: initialWeights(random.fork('W_h'), [2 * (inputSize + pixels), hiddenSize]),
    b_h: filled<tf.Rank.R1>([hiddenSize], 0),
    W_z: initialWeights(random.fork('W_z'), [hiddenSize, predicted]),
    ...(!uniform && { gain_z: filled<tf.Rank.R1>([predicted], initial.standardDeviation) }),
    bias_z: filled<tf.Rank.R1>([predicted], initial.mean),
    W_m: initialWeights(random.fork('W_m'), [hiddenSize, pixels]),
    gain_m: filled<tf.Rank.R0>([], 1),
    ...(options.assignmentSkip && { gain_L: filled<tf.Rank.R1>([pixels], 4) }),
  };
  const { W_h, b_h, W_z, gain_z, bias_z, W_m, gain_m, gain_L } = own;
  if (uniform) tf.tidy(() => W_z.assign(tf.mul(W_z, initial.standardDeviation)));
  // Not a variable: it must outlive a tidy in which the core is made.
  const repeat = uniform ? tf.keep(repetition(channels, pixels)) : undefined;

  const apply = (input: tf.Tensor2D, context: CoreContext): CoreOutput => {
    checkCoreInput('projected', input, { inputSize, channels });
    const projection = context.constants ? featureProduct(input, W_h, context.constants) : matMul(input, W_h);
    const h = norm_h.apply(projection, context, { bias: b_h, activation: 'relu' });
    const { output: o, classProbabilities, topActivation } = checked(mapping.apply(h, context), h, name);
    const z = matMul(o, W_z);
    const zhat =
      repeat === undefined
        ? norm_z!.apply(z, context, { gain: gain_z!, bias: bias_z })
        : matMul(addBias(z, bias_z), repeat);
    const mapped = norm_m.apply(matMul(o, W_m), context, { gain: gain_m });
    // L is the last plane of the input.
    const likelihood = () => tf.slice(input, [0, input.shape[1] - pixels], [input.shape[0], pixels]);
    // A bias, the same for all groups, would have no effect on the softmax over groups.
    const mhat = gain_L === undefined ? mapped : add(mapped, biasScale(likelihood(), tf.zeros([pixels]), gain_L));
    return {
      predictionLogits: zhat,
      assignmentLogits: mhat,
      ...(classProbabilities && { classProbabilities }),
      ...(topActivation && { topActivation }),
    };
  };

  return {
    apply: (input, context) => tf.tidy(() => apply(input, context) as CoreOutput & tf.TensorContainerObject),
    parameters: () =>
      joinTrees([
        ['', own],
        [name, mapping.parameters()],
      ]),
    ...joinStates({ ...norms, [name]: mapping }),
    dispose() {
      disposeTree(own);
      for (const normalization of Object.values(norms)) normalization.dispose();
      repeat?.dispose();
      mapping.dispose();
    },
  };
}

/** The matrix that repeats the channels of a pixel for each of P pixels: [C, P*C]. */
function repetition(channels: number, pixels: number): tf.Tensor2D {
  return tf.tidy(() => tf.tile(tf.eye(channels), [1, pixels]));
}

/** A mapping's output, which must be [rows, H] as its input is. */
function checked(result: MappingOutput, { shape }: tf.Tensor2D, name: string): MappingOutput {
  if (!sameShape(result.output.shape, shape)) {
    throw new TaggerError(
      'INVALID_SHAPE',
      `projected: the output of the mapping '${name}' must have the shape of its input, [${shape}], got ` +
        `[${result.output.shape}].`,
    );
  }
  return result;
}
