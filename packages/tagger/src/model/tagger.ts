import type { Core, CoreContext, Statistics } from '@taggerjs/mapping';
import {
  classificationCost,
  classPosterior,
  groupSoftmax,
  assignTree,
  checkOptionNames,
  joinTrees,
  checkOneOf,
  reshape,
  stackFeatures,
  TaggerError,
  weightedSum,
  type AssignableValue,
  type TensorTree,
} from '@taggerjs/nn';
import type { NoiseModel } from '@taggerjs/noise';
import type { Random } from '@taggerjs/random';
import * as tf from '@tensorflow/tfjs-core';

import { checkpointed, type Advanced, type Beliefs } from './checkpointed';
import { initialAssignmentLogits } from './initial-assignment';
import type { TaggerConfig } from './tagger-config';

/** What {@link Tagger.iterate} returns of an iteration on request. */
export type Kept = 'modelingError' | 'assignmentLikelihood' | 'topActivation';

const KEPT: readonly Kept[] = ['modelingError', 'assignmentLikelihood', 'topActivation'];
const STATISTICS: readonly Statistics[] = ['batch', 'calibrate', 'calibrated'];
const ITERATE_OPTIONS: readonly (keyof IterateOptions)[] = [
  'iterations',
  'training',
  'statistics',
  'gradientCheckpointing',
  'random',
  'keep',
  'targets',
];
const RUN_OPTIONS: readonly (keyof RunOptions)[] = [
  ...ITERATE_OPTIONS,
  'groups',
  'corrupt',
  'corrupted',
  'firstExample',
];

/** The inputs of the TAG loop, as tensors. */
export interface IterateInputs {
  /** x: the clean inputs, which the cost compares predictions with. [B, N] */
  readonly clean: tf.Tensor2D;
  /** x~: what the model sees. [B, N] */
  readonly corrupted: tf.Tensor2D;
  /** The logits of m^0, drawn from N(0, 1) (Eq. 4). [K, B, P] */
  readonly assignmentLogits: tf.Tensor3D;
}

/** Options of {@link Tagger.iterate}. */
export interface IterateOptions {
  /** Number of iterations T. @default the configuration's */
  readonly iterations?: number;
  /** Whether gradients will be taken. @default false */
  readonly training?: boolean;
  /**
   * Which statistics batch normalization takes; layer normalization ignores it.
   * @default 'batch' when training, else 'calibrated'
   */
  readonly statistics?: Statistics;
  /**
   * Gradient checkpointing: recomputes each iteration in the backward pass instead of keeping its intermediate results.
   * Takes a third more time and the memory of one iteration instead of T. Needs `training`. @default false
   */
  readonly gradientCheckpointing?: boolean;
  /** Random numbers for the core, such as for dropout. @default the model's own */
  readonly random?: Random;
  /** What to return in addition to z, m and the cost. @default nothing */
  readonly keep?: readonly Kept[];
  /** Class targets, [B, C]: how many objects of each class an example has. Requires a core that classifies. */
  readonly targets?: tf.Tensor2D;
}

/** Options of {@link Tagger.run}: corrupt, draw m^0, iterate. */
export interface RunOptions extends IterateOptions {
  /** Random numbers for corruption and m^0: the same stream gives the same run on every backend. */
  readonly random: Random;
  /** Number of groups K. @default the configuration's */
  readonly groups?: number;
  /** Whether to corrupt the inputs; otherwise x~ = x. @default true */
  readonly corrupt?: boolean;
  /** x~, if you have it already: then nothing is corrupted. [B, N] */
  readonly corrupted?: tf.Tensor2D;
  /** Index of the first example in its dataset: m^0 of an example does not depend on its batch. @default 0 */
  readonly firstExample?: number;
}

/** What one iteration of the TAG loop computes. The caller disposes the tensors. */
export type IterationOutput = {
  /** z^(i+1): predicted inputs. [K, B, N] */
  readonly prediction: tf.Tensor3D;
  /** m^(i+1): assignments, summing to one over groups. [K, B, P] */
  readonly assignment: tf.Tensor3D;
  /** log m^(i+1), the log-softmax: exact where m underflows. [K, B, P] */
  readonly logAssignment: tf.Tensor3D;
  /** C_(i+1): denoising cost against the clean inputs. */
  readonly cost: tf.Scalar;
  /** dz^i, computed from z^i and m^i. On request. [K, B, N] */
  readonly modelingError?: tf.Tensor3D;
  /** L(m^i), computed from z^i. On request. [K, B, P] */
  readonly assignmentLikelihood?: tf.Tensor3D;
  /** Class probabilities of each group, the last class meaning "no object". From cores that classify. [K, B, C + 1] */
  readonly classProbabilities?: tf.Tensor3D;
  /** The mapping's top activation: the top softmax a_L of a Ladder. On request. [K, B, d_L] */
  readonly topActivation?: tf.Tensor3D;
};

/** What the TAG loop returns. The caller disposes the tensors: `tf.dispose(output)`. */
export type TaggerOutput = {
  /** One entry per iteration. */
  readonly iterations: IterationOutput[];
  /** C: mean of the iterations' denoising costs, without the classification cost. */
  readonly cost: tf.Scalar;
  /** Posterior over classes at the last iteration. From cores that classify. [B, C] */
  readonly classPosterior?: tf.Tensor2D;
  /** Classification cost at the last iteration, if targets were given. */
  readonly classCost?: tf.Scalar;
};

/** The parts of a Tagger. */
export interface TaggerParts {
  /** The model as plain JSON, from which its parts were made. */
  readonly config: TaggerConfig;
  /** The noise model, which the Tagger disposes. */
  readonly noise: NoiseModel;
  /** The learned part, which the Tagger disposes. */
  readonly core: Core;
  /** Random numbers for the core if a call gives none. */
  readonly random: Random;
}

/**
 * The Tagger: it splits each input into K groups by iterating one learned mapping, the core, on what the groups
 * predict and how well they explain the input (Greff et al. 2016, Algorithms 2 and 3).
 *
 * Make one with {@link createTagger}, {@link taggerFromConfig} or {@link loadTagger}.
 */
export class Tagger {
  /** The model as plain JSON. */
  readonly config: TaggerConfig;
  /** Number of elements of an input, N = P*C. */
  readonly inputSize: number;
  /** C: channels of a pixel, next to each other in an input. They share the pixel's assignment. */
  readonly channels: number;
  /** P: pixels of an input, each with an assignment. With one channel, P = N. */
  readonly pixels: number;
  /** The noise model: corruption, likelihood, modeling error, cost. */
  readonly noise: NoiseModel;
  /** The learned part. */
  readonly core: Core;
  readonly #random: Random;

  constructor({ config, noise, core, random }: TaggerParts) {
    this.config = config;
    this.inputSize = config.inputShape.reduce((product, size) => product * size, 1);
    this.channels = config.channels ?? 1;
    this.pixels = this.inputSize / this.channels;
    this.noise = noise;
    this.core = core;
    this.#random = random;
  }

  /**
   * The TAG loop: T iterations from m^0 and z^0, on given tensors (Algorithms 2 and 3).
   *
   * @throws TaggerError `INVALID_OPTION` if an option is unknown or out of range, or the core cannot return what it asks for;
   *   `INVALID_SHAPE` if the tensors do not fit the model; `NOT_CALIBRATED` if batch normalization needs calibrated
   *   statistics and has none
   */
  iterate(inputs: IterateInputs, options: IterateOptions = {}): TaggerOutput {
    checkOptionNames('Tagger.iterate', options, ITERATE_OPTIONS);
    this.#checkInputs(inputs);
    const { clean: x, corrupted: xTilde, assignmentLogits } = inputs;
    const [K, B] = assignmentLogits.shape;
    const { inputSize: N, channels: C } = this;
    const { iterations: T = this.config.iterations, training = false, keep = [], targets } = options;
    const { statistics = training ? 'batch' : 'calibrated', random = this.#random } = options;
    // Calibration counts the rows it sees, so it must see them once.
    const checkpoints = training && (options.gradientCheckpointing ?? false) && statistics !== 'calibrate';
    assertCount('iterations', T);
    checkOneOf('Tagger', 'statistics', statistics, STATISTICS);
    for (const name of keep) checkOneOf('Tagger', 'keep', name, KEPT);
    const topActivation = keep.includes('topActivation');
    const variables = checkpoints ? Object.values(this.parameters()) : [];

    return tf.tidy('tagger', () => {
      // z^0 and m^0
      let beliefs: Beliefs = {
        z: tf.fill([K, B, N], this.config.initialPrediction) as tf.Tensor3D,
        ...groupSoftmax(assignmentLogits),
      };
      const outputs: IterationOutput[] = [];
      for (let i = 0; i < T; i++) {
        const context = {
          iteration: i,
          training,
          statistics,
          groups: K,
          // Most cores need none, and a fork takes as long as a small kernel.
          get random() {
            return random.fork('core', i);
          },
          topActivation,
          ...(i === 0 && { constants: constantPlanes(this.config.initialPrediction, K, C) }),
        };
        const advance = (before: Beliefs, seen: tf.Tensor2D) => this.#advance(before, seen, context);
        const after = checkpoints ? checkpointed(advance, beliefs, xTilde, variables) : advance(beliefs, xTilde);
        const { z, m, logM, dz, L, classProbabilities } = after;
        outputs.push({
          prediction: z,
          assignment: m,
          logAssignment: logM,
          cost: this.noise.cost(x, z, m, logM),
          ...(keep.includes('modelingError') && { modelingError: dz }),
          ...(keep.includes('assignmentLikelihood') && { assignmentLikelihood: L }),
          ...(classProbabilities && { classProbabilities }),
          ...(topActivation && { topActivation: requireTopActivation(after) }),
        });
        beliefs = after;
      }
      return {
        iterations: outputs,
        cost: weightedSum(
          outputs.map(({ cost }) => cost),
          outputs.map(() => 1 / T),
        ),
        ...classify(outputs.at(-1) as IterationOutput, targets),
      };
    });
  }

  /** One iteration, from the state of the groups before it to the state after it (the loop body of Algorithms 2 and 3). */
  #advance({ z, m, logM, zhat = z }: Beliefs, xTilde: tf.Tensor2D, context: CoreContext): Advanced {
    const [K, B, N] = z.shape;
    const dz = this.noise.modelingError(xTilde, z, m, logM);
    const L = this.noise.assignmentLikelihood(xTilde, z);

    const zInput = this.config.predictionInput === 'logit' ? zhat : z;
    // [K, B, N] and [K, B, P] -> [K*B, (2C+2)P]; with one channel, 4 x [K, B, N] -> [K*B, 4N]
    const core = this.core.apply(stackFeatures([zInput, m, dz, L], { channels: this.channels }), context);
    const zhatAfter = reshape<tf.Rank.R3>(core.predictionLogits, [K, B, N]);
    const mhat = reshape<tf.Rank.R3>(core.assignmentLogits, [K, B, this.pixels]);

    return {
      z: this.noise.activatePrediction(zhatAfter),
      ...groupSoftmax(mhat),
      ...(this.config.predictionInput === 'logit' && { zhat: zhatAfter }),
      dz,
      L,
      ...(core.classProbabilities && { classProbabilities: byGroup(core.classProbabilities, K) }),
      ...(core.topActivation && { topActivation: byGroup(core.topActivation, K) }),
    };
  }

  /**
   * Runs the model on clean inputs: corrupts them, draws m^0 and iterates.
   *
   * @param x clean inputs, [B, N]
   * @throws TaggerError as {@link iterate}
   */
  run(x: tf.Tensor2D, options: RunOptions): TaggerOutput {
    checkOptionNames('Tagger.run', options, RUN_OPTIONS);
    const { groups = this.config.groups, corrupt = true, corrupted: given, firstExample = 0, ...rest } = options;
    const { random } = rest;
    assertCount('groups', groups);
    this.#checkSize(x, 'x');
    return tf.tidy(() => {
      const corrupted = given ?? (corrupt ? this.noise.corrupt(x, random.fork('noise')) : x);
      const assignmentLogits = initialAssignmentLogits(random.fork('assignment'), {
        groups,
        batch: x.shape[0],
        inputSize: this.pixels,
        firstExample,
      });
      return this.iterate({ clean: x, corrupted, assignmentLogits }, rest);
    });
  }

  /** What is trained, by name: the parameters of the core and of the noise model. */
  parameters(): TensorTree {
    return joinTrees([
      ['', this.core.parameters()],
      ['', this.noise.parameters()],
    ]);
  }

  /**
   * Sets all parameters. To set only some, pass the others too: `{ ...tagger.parameters(), W_h: values }`.
   *
   * @param values by name, as {@link parameters} names them: a float32 tensor, or an array of the elements in row-major
   *   order. They are copied; tensors remain yours
   * @throws TaggerError `PARAMETER_MISMATCH` naming every missing, unexpected and misshapen tensor; then nothing has changed
   */
  setParameters(values: Readonly<Record<string, AssignableValue>>): void {
    assignTree(this.parameters(), values);
  }

  /** What belongs to the model but is not trained: calibrated statistics. */
  state(): TensorTree {
    return this.core.state();
  }

  /** Frees the model's tensors. */
  dispose(): void {
    this.noise.dispose();
    this.core.dispose();
  }

  #checkSize(x: tf.Tensor, name: string): void {
    if (x.rank !== 2 || x.shape[1] !== this.inputSize) {
      throw new TaggerError(
        'INVALID_SHAPE',
        `Tagger: ${name} must be [batch, ${this.inputSize}] (inputs of shape [${this.config.inputShape}], one row ` +
          `each), not [${x.shape}]. Reshape images to rows first.`,
      );
    }
  }

  #checkInputs({ clean, corrupted, assignmentLogits }: IterateInputs): void {
    this.#checkSize(clean, 'clean');
    this.#checkSize(corrupted, 'corrupted');
    const [B] = clean.shape;
    const fits =
      assignmentLogits.rank === 3 && assignmentLogits.shape[1] === B && assignmentLogits.shape[2] === this.pixels;
    if (corrupted.shape[0] !== B || !fits) {
      throw new TaggerError(
        'INVALID_SHAPE',
        `Tagger: clean [${clean.shape}], corrupted [${corrupted.shape}] and assignmentLogits ` +
          `[${assignmentLogits.shape}] must be [B, N], [B, N] and [K, B, P], with P = ${this.pixels} pixels of ` +
          `${this.channels === 1 ? 'one channel' : `${this.channels} channels`}.`,
      );
    }
  }
}

/** The planes of z^0, m^0, dz and L, NaN for those that vary. z^0 is a constant, so all groups are equally likely. */
function constantPlanes(initialPrediction: number, K: number, C: number): number[] {
  const z = Array<number>(C).fill(initialPrediction);
  return [...z, NaN, ...Array<number>(C).fill(NaN), 1 / K];
}

/** [K*B, C] -> [K, B, C] */
function byGroup(rows: tf.Tensor2D, K: number): tf.Tensor3D {
  return reshape<tf.Rank.R3>(rows, [K, rows.shape[0] / K, rows.shape[1]]);
}

function requireTopActivation({ topActivation }: Advanced): tf.Tensor3D {
  if (topActivation !== undefined) return topActivation;
  throw new TaggerError(
    'INVALID_OPTION',
    "Tagger: keep asks for 'topActivation', which this core does not have. A core with a Ladder has one: " +
      'projected({ mapping: ladder({ sizes }) }).',
  );
}

/** The class posterior of the last iteration and, with targets, its cost. */
function classify({ classProbabilities }: IterationOutput, targets: tf.Tensor2D | undefined) {
  if (classProbabilities === undefined) {
    if (targets === undefined) return {};
    throw new TaggerError(
      'INVALID_OPTION',
      'Tagger: targets need a core that classifies, such as projected({ mapping: ladder({ sizes, classes }) }). Use one, or ' +
        'omit the targets.',
    );
  }
  const [groups, B, classes] = classProbabilities.shape;
  const posterior = classPosterior(reshape<tf.Rank.R2>(classProbabilities, [groups * B, classes]), { groups });
  return {
    classPosterior: posterior,
    ...(targets && { classCost: classificationCost(posterior, targets) }),
  };
}

function assertCount(name: string, value: number): void {
  if (!Number.isInteger(value) || value < 1) {
    throw new TaggerError('INVALID_OPTION', `Tagger: ${name} must be a positive integer, not ${value}.`);
  }
}
