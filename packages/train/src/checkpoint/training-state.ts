import type { Classifier } from '@taggerjs/classifier';
import { assignTree, TaggerError, type TensorTree, type TensorValue, type TreeValues } from '@taggerjs/nn';
import type { Tagger } from '@taggerjs/tagger';
import * as tf from '@tensorflow/tfjs-core';

import type { Optimizer } from '../optimizer/optimizer';
import type { TrainedModel } from '../trained-model';
import type { Ema } from '../optimizer/ema';

/**
 * A training at one moment, as plain values: all that {@link train} needs to go on as if it had never stopped. There are
 * no random numbers in it but the seed, and no position in the data but the step: both are functions of these.
 */
export interface TrainingState {
  /** Steps made so far, skipped ones included: also the position in the data, and in the random numbers. */
  readonly step: number;
  /** Seconds of training so far, over all its parts. */
  readonly seconds: number;
  /** Steps skipped so far because a cost or gradient was not finite. */
  readonly skipped: number;
  /** When the model was last evaluated; null where it was not yet. */
  readonly evaluated: { readonly step: number; readonly seconds: number } | null;
  /** The seed of the run. */
  readonly seed: number | string;
  /** Examples of a batch. */
  readonly batchSize: number;
  /** Number of training examples. */
  readonly examples: number;
  /** Number of labelled examples and those of a batch, where labelled and unlabelled ones are apart; else null. */
  readonly labelled: { readonly examples: number; readonly batchSize: number } | null;
  /** The model's parameters: not the averaged ones. */
  readonly parameters: TreeValues;
  /** The model's statistics, where it has any. */
  readonly modelState: TreeValues;
  /** The optimizer: the number of its updates and its moments, such as `W_h/m`. */
  readonly optimizer: { readonly step: number; readonly moments: TreeValues };
  /** The exponential moving average of the weights and the number of its updates; null without one. */
  readonly ema: { readonly updates: number; readonly weights: TreeValues } | null;
}

/** What of a training is on the device. */
export interface TrainingParts {
  readonly model: TrainedModel;
  readonly optimizer: Optimizer;
  readonly ema: Ema | null;
}

/** The part of the state that is on the device. */
export type DeviceState = Pick<TrainingState, 'parameters' | 'modelState' | 'optimizer' | 'ema'>;

/** Takes what is on the device at this very moment; reading it may then take its time. */
export async function readDeviceState({ model, optimizer, ema }: TrainingParts): Promise<DeviceState> {
  const counts = { step: optimizer.step, updates: ema?.updates ?? 0 };
  const parameters = snapshot(model.parameters());
  const modelState = snapshot(model.state());
  const moments = snapshot(optimizer.state());
  const weights = ema && snapshot(ema.state());
  return {
    parameters: await parameters,
    modelState: await modelState,
    optimizer: { step: counts.step, moments: await moments },
    ema: weights && { updates: counts.updates, weights: await weights },
  };
}

/**
 * Puts a state into a training of the same options.
 *
 * @throws TaggerError `PARAMETER_MISMATCH` where its tensors are not the model's
 */
export function restoreDeviceState({ model, optimizer, ema }: TrainingParts, state: DeviceState): void {
  assignTree(model.parameters(), state.parameters);
  assignModelState(model, state.modelState);
  assignTree(optimizer.state(), state.optimizer.moments);
  optimizer.restoreStep(state.optimizer.step);
  if (ema && state.ema) {
    assignTree(ema.state(), state.ema.weights);
    ema.restoreUpdates(state.ema.updates);
  }
}

/**
 * Puts what a training had learned at a moment into a model: the averaged weights where there were any, as evaluation and
 * the end of training take them, else the parameters; and the statistics of batch normalization that were at hand, which
 * are older than the weights: calibrate anew.
 *
 * @throws TaggerError `PARAMETER_MISMATCH` where the state's tensors are not the model's
 */
export function assignWeights(
  model: Tagger | Classifier,
  state: Pick<TrainingState, 'parameters' | 'modelState' | 'ema'>,
): void {
  assignTree(model.parameters(), state.ema?.weights ?? state.parameters);
  const prepared =
    'core' in model
      ? { state: () => model.state(), prepareState: model.core.prepareState?.bind(model.core) }
      : { state: () => model.state(), prepareState: model.prepareState?.bind(model) };
  assignModelState(prepared, state.modelState);
}

type WithState = Pick<TrainedModel, 'state'> & { readonly prepareState?: TrainedModel['prepareState'] | undefined };

function assignModelState(model: WithState, values: TreeValues): void {
  const shapes = Object.entries(values).map(([name, { shape }]) => [name, shape] as const);
  model.prepareState?.(Object.fromEntries(shapes));
  assignTree(model.state(), values);
}

/**
 * Refuses a state that belongs to another training: what these options decide cannot change on the way.
 *
 * @throws TaggerError `INVALID_OPTION` naming what differs
 */
export function checkResumable(
  where: string,
  state: TrainingState,
  now: {
    readonly seed: number | string;
    readonly batchSize: number;
    readonly examples: number;
    readonly labelled: TrainingState['labelled'];
    readonly ema: boolean;
  },
): void {
  const then = { ...state, ema: state.ema !== null };
  for (const name of ['seed', 'batchSize', 'examples', 'labelled', 'ema'] as const) {
    if (JSON.stringify(then[name]) !== JSON.stringify(now[name])) {
      throw new TaggerError(
        'INVALID_OPTION',
        `${where}: the state to resume from was reached with ${name} ${JSON.stringify(then[name])}, not ` +
          `${JSON.stringify(now[name])}. Give the options that the training began with.`,
      );
    }
  }
}

async function snapshot(tree: TensorTree): Promise<TreeValues> {
  // Copies that share the data: a variable that is assigned to takes other data, and leaves these as they are.
  const held = Object.entries(tree).map(
    ([name, variable]) => [name, tf.tidy(() => tf.keep(variable.clone()))] as const,
  );
  try {
    const values: Record<string, TensorValue> = Object.create(null);
    for (const [name, tensor] of held) {
      values[name] = { shape: [...tensor.shape], data: Float32Array.from((await tensor.data()) as Float32Array) };
    }
    return values;
  } finally {
    for (const [, tensor] of held) tensor.dispose();
  }
}
