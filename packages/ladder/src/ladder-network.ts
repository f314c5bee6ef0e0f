import {
  checkSizes,
  joinStates,
  type ClassifierComponent,
  type ClassifierCost,
  type ClassifierEnvironment,
  type ClassifierInputs,
  type ClassifierNetwork,
} from '@taggerjs/mapping';
import {
  add,
  checkOptionNames,
  classificationCost,
  COMBINATOR_GATES,
  createNormalization,
  disposeTree,
  normalize,
  reconstructionCost,
  standardize,
  TaggerError,
  weightedSum,
  type CombinatorGate,
  type Normalization,
  type Standardized,
  type Statistics,
  type TensorTree,
} from '@taggerjs/nn';
import type { Random } from '@taggerjs/random';
import * as tf from '@tensorflow/tfjs-core';

import { decode } from './decoder';
import { encode, type Encoding, type NormalizeLayer } from './encoder';
import { createLadderParameters, type LadderParameters } from './ladder-parameters';

/** Options of {@link ladderNetwork}. */
export interface LadderNetworkOptions {
  /**
   * Sizes d_1 .. d_(L-1) of the layers between the input, d_0, and the top, d_L, which has a unit for each class: five of
   * them for the paper's 784-1000-500-250-250-250-10. May be empty.
   */
  readonly sizes: readonly number[];
  /**
   * lambda_0 .. lambda_L, the weights of the denoising costs, at least 0 each: all of them positive is the full Ladder,
   * only lambda_L the Gamma model, only lambda_0 the bottom one, none a plain classifier with noise inside, which has no
   * decoder and learns from labeled inputs alone.
   */
  readonly costWeights: readonly number[];
  /** sigma: standard deviation of the noise at the input and after every normalization, at least 0. @default 0.3 */
  readonly noiseStandardDeviation?: number;
  /** The gate of the combinator: `'linear'` is the Ladder's own. @default 'linear' */
  readonly gate?: CombinatorGate;
}

/** Describes a Ladder on its own. */
export interface LadderNetworkComponent extends ClassifierComponent {
  /** Creates the network with initial parameters. */
  create(environment: ClassifierEnvironment): LadderNetwork;
}

/** Noise of one pass: n_0 .. n_L, [rows, d_l] each. */
export type LayerNoise = readonly tf.Tensor2D[];

/** Random numbers and noise of a step of {@link LadderNetwork.cost}. */
export interface LadderStep {
  /** Random numbers for the noise of this step. */
  readonly random: Random;
  /** The noise of both halves, if you have it already. */
  readonly noise?: { readonly labeled: LayerNoise; readonly unlabeled: LayerNoise };
}

/**
 * The Ladder network on its own (Rasmus et al. 2015), for semi-supervised classification. With sizes d_0 = N, d_1, ..,
 * d_L = C and batch normalization, the encoder runs twice with the same parameters, clean and corrupted by n_l ~
 * N(0, sigma^2):
 *
 *     corrupted:  s~_0 = x + n_0,   s~_l = norm( a~_(l-1) W_l ) + n_l,   a~_l = relu( s~_l + b_l )       l = 1 .. L-1
 *                 a~_L = softmax( c (s~_L + b_L) )
 *     clean:      the same without noise; mean_l and std_l are the statistics of a_(l-1) W_l
 *     decoder:    u_L = norm( a~_L ),   u_l = norm( shat_(l+1) V_l ),   shat_l = combinator( s~_l, u_l )    l = L .. 0
 *
 *     C = - mean log P(label; a~_L, labeled half)
 *         + sum_l lambda_l mean ( (shat_l - mean_l) / std_l - s_l )^2              unlabeled half; mean_0 = 0, std_0 = 1
 *
 * Labeled and unlabeled rows are normalized separately. Gradients also flow into the clean path. Prediction uses the clean
 * path. The target of an example with several objects is k-hot, divided by their number, as in `classificationCost`.
 *
 * Parameters: those of `ladder`, `W_1` .. `a10_L`; without the V and a of layers below the lowest with a cost.
 *
 * @throws TaggerError `INVALID_OPTION` if an option is unknown or out of range
 */
export function ladderNetwork(options: LadderNetworkOptions): LadderNetworkComponent {
  checkOptionNames('ladderNetwork', options, ['sizes', 'costWeights', 'noiseStandardDeviation', 'gate']);
  const { sizes, costWeights, noiseStandardDeviation = 0.3, gate = 'linear' } = options;
  checkSizes('ladderNetwork', sizes);
  if (
    !Array.isArray(costWeights) ||
    costWeights.length !== sizes.length + 2 ||
    costWeights.some((weight) => !(weight >= 0 && weight < Infinity))
  ) {
    throw new TaggerError(
      'INVALID_OPTION',
      `ladderNetwork: costWeights must be ${sizes.length + 2} numbers of at least 0, one for the input, one for each of the ` +
        `sizes ${JSON.stringify(sizes)}, one for the top; not ${JSON.stringify(costWeights)}.`,
    );
  }
  if (!(noiseStandardDeviation >= 0 && noiseStandardDeviation < Infinity)) {
    throw new TaggerError(
      'INVALID_OPTION',
      `ladderNetwork: noiseStandardDeviation must be a number of at least 0, not ${noiseStandardDeviation}.`,
    );
  }
  if (!COMBINATOR_GATES.includes(gate)) {
    throw new TaggerError(
      'INVALID_OPTION',
      `ladderNetwork: gate must be 'sigmoid' or 'linear', not ${JSON.stringify(gate)}.`,
    );
  }
  const known = { sizes: [...sizes], costWeights: [...costWeights], noiseStandardDeviation, gate };
  return {
    config: { type: 'ladder-network', ...known },
    create: (environment) => new LadderNetwork(known, environment),
  };
}

/** A pass through the encoder, with its statistics. */
interface CleanPass extends Encoding {
  /** By layer, from 1 on. */
  readonly statistics: readonly (Standardized | undefined)[];
}

/** A Ladder on its own; see {@link ladderNetwork}, which describes one. */
export class LadderNetwork implements ClassifierNetwork {
  readonly #sizes: readonly number[];
  readonly #weights: readonly number[];
  readonly #noiseStandardDeviation: number;
  readonly #gate: CombinatorGate;
  readonly #lowest: number;
  readonly #parameters: LadderParameters;
  readonly #normalizations: Readonly<Record<string, Normalization>>;
  readonly #states: ReturnType<typeof joinStates>;

  constructor(
    { sizes, costWeights, noiseStandardDeviation, gate }: Required<LadderNetworkOptions>,
    { inputShape, classes, random }: ClassifierEnvironment,
  ) {
    const inputSize = inputShape.reduce((product, size) => product * size, 1);
    this.#sizes = [inputSize, ...sizes, classes];
    this.#weights = costWeights;
    this.#noiseStandardDeviation = noiseStandardDeviation;
    this.#gate = gate;
    const first = costWeights.findIndex((weight) => weight > 0);
    this.#lowest = first < 0 ? this.#sizes.length : first;
    this.#parameters = createLadderParameters(this.#sizes, gate, random, this.#lowest);
    this.#normalizations = Object.fromEntries(
      this.#sizes.flatMap((size, l) => (l === 0 ? [] : [[`s_${l}`, createNormalization({ norm: 'batch', size })]])),
    );
    this.#states = joinStates(this.#normalizations);
  }

  /**
   * The cost C of a step, its parts, and the class probabilities of the corrupted labeled half.
   *
   * @throws TaggerError `INVALID_SHAPE` if the rows do not fit, or a half has fewer than two; `INVALID_OPTION` if there are
   *   denoising costs but no unlabeled rows
   */
  cost(
    { labeled, targets, unlabeled }: ClassifierInputs,
    { random, noise }: LadderStep,
  ): ClassifierCost & { readonly posterior: tf.Tensor2D } {
    for (const [name, x] of Object.entries({ labeled, unlabeled })) {
      if (!x) continue;
      this.#checkInput(x, name);
      if (x.shape[0] >= 2) continue;
      throw new TaggerError(
        'INVALID_SHAPE',
        `LadderNetwork: ${name} must have at least 2 rows, not ${x.shape[0]}: batch normalization turns a single row ` +
          'into zeros. Use a larger batch.',
      );
    }
    const denoises = this.#lowest < this.#sizes.length;
    if (denoises && unlabeled === undefined) {
      throw new TaggerError(
        'INVALID_OPTION',
        'LadderNetwork: the denoising costs need unlabeled rows. Pass some, or create the network with costWeights of zero.',
      );
    }
    return tf.tidy(() => {
      // Labels name streams of random numbers, so they keep their spelling: another one gives other numbers.
      const posterior = this.#corrupted(labeled, noise?.labeled ?? this.#noise(labeled, random.fork('labelled'))).top;
      const ofClasses = classificationCost(posterior, targets);
      const costs = unlabeled && denoises ? this.#denoisingCosts(unlabeled, { random, ...(noise && { noise }) }) : [];
      const weights = this.#costed().map((l) => this.#weights[l] as number);
      return {
        cost: weightedSum([ofClasses, ...costs], [1, ...weights]),
        classificationCost: ofClasses,
        denoisingCosts: costs,
        posterior,
      };
    });
  }

  predict(x: tf.Tensor2D, { statistics }: { readonly statistics: Statistics }): tf.Tensor2D {
    this.#checkInput(x, 'x');
    return tf.tidy(
      () =>
        encode(x, this.#parameters, (s, l) =>
          (this.#normalizations[`s_${l}`] as Normalization).apply(s, { iteration: 0, statistics }),
        ).top,
    );
  }

  parameters(): TensorTree {
    return this.#parameters.tree;
  }

  state(): TensorTree {
    return this.#states.state();
  }

  prepareState(names: Readonly<Record<string, readonly number[]>>): void {
    this.#states.prepareState(names);
  }

  dispose(): void {
    disposeTree(this.#parameters.tree);
    for (const normalization of Object.values(this.#normalizations)) normalization.dispose();
  }

  /** The denoising costs of the layers that have a weight, from the lowest on. */
  #denoisingCosts(x: tf.Tensor2D, { random, noise }: LadderStep): tf.Scalar[] {
    const clean = this.#clean(x);
    const corrupted = this.#corrupted(x, noise?.unlabeled ?? this.#noise(x, random.fork('unlabelled')));
    const norm: NormalizeLayer = (u) => normalize(u, { norm: 'batch' });
    const reconstructions = decode(corrupted, this.#parameters, this.#gate, norm, this.#lowest);
    return this.#costed().map((l) =>
      reconstructionCost(reconstructions[l] as tf.Tensor2D, clean.lateral[l] as tf.Tensor2D, clean.statistics[l]),
    );
  }

  /** The layers whose denoising cost has a weight. */
  #costed(): number[] {
    return this.#sizes.flatMap((_, l) => ((this.#weights[l] as number) > 0 ? [l] : []));
  }

  #clean(x: tf.Tensor2D): CleanPass {
    const statistics: Standardized[] = [];
    const encoding = encode(x, this.#parameters, (s, l) => {
      const standardized = standardize(s, { norm: 'batch' });
      statistics[l] = standardized;
      return standardized.output;
    });
    return { ...encoding, statistics };
  }

  #corrupted(x: tf.Tensor2D, noise: LayerNoise): Encoding {
    const noisy: NormalizeLayer = (s, l) => add(s, noise[l] as tf.Tensor2D);
    return encode(noisy(x, 0), this.#parameters, (s, l) => noisy(normalize(s, { norm: 'batch' }), l));
  }

  #noise(x: tf.Tensor2D, random: Random): tf.Tensor2D[] {
    return this.#sizes.map((size, l) => {
      const shape: [number, number] = [x.shape[0], size];
      const values = random.fork(l).normal(shape[0] * size, { standardDeviation: this.#noiseStandardDeviation });
      return tf.tensor2d(values, shape);
    });
  }

  #checkInput(x: tf.Tensor2D, name: string): void {
    if (x.rank === 2 && x.shape[1] === this.#sizes[0]) return;
    throw new TaggerError(
      'INVALID_SHAPE',
      `LadderNetwork: ${name} must be [rows, ${this.#sizes[0]}], one input each, not [${x.shape}].`,
    );
  }
}
