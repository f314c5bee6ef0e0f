import type { Classifier } from '@taggerjs/classifier';
import { assignTree, TaggerError, type TensorTree, type TensorValue, type TreeValues } from '@taggerjs/nn';
import type { Tagger } from '@taggerjs/tagger';
import * as tf from '@tensorflow/tfjs-core';

import type { TrainingParts } from '../optimizer/training-parts';
import type { TrainedModel } from '../trained-model';

/**
 * A training at one moment, as plain values: all that {@link train} needs to resume as if it had never stopped. It holds the
 * seed and the step, which determine the random numbers and the position in the data.
 */
export interface TrainingState {
  /** Steps so far, including skipped ones: also the position in the data and in the random numbers. */
  readonly step: number;
  /** Seconds of training so far, including those before a resumption. */
  readonly seconds: number;
  /** Steps skipped so far because a cost or gradient was not finite. */
  readonly skipped: number;
  /** When the model was last evaluated; null before the first evaluation. */
  readonly evaluated: { readonly step: number; readonly seconds: number } | null;
  /** The seed of the run. */
  readonly seed: number | string;
  /** Examples per batch. */
  readonly batchSize: number;
  /** Number of training examples. */
  readonly examples: number;
  /** Number of labeled examples, and how many per batch; null without separate labeled examples. */
  readonly labeled: { readonly examples: number; readonly batchSize: number } | null;
  /** The model's parameters; not their average. */
  readonly parameters: TreeValues;
  /** The model's calibrated statistics. */
  readonly modelState: TreeValues;
  /** The optimizer: the number of its updates and its moments, such as `W_h/m`. */
  readonly optimizer: { readonly step: number; readonly moments: TreeValues };
  /** The exponential moving average of the weights and the number of its updates; null without one. */
  readonly ema: { readonly updates: number; readonly weights: TreeValues } | null;
}

/** The part of the state that is on the device. */
export type DeviceState = Pick<TrainingState, 'parameters' | 'modelState' | 'optimizer' | 'ema'>;

/** Captures the tensors when called. Reading them may take longer, and later steps do not affect what is read. */
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

/** Restores a state in a training with the same options. @throws TaggerError `PARAMETER_MISMATCH` */
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
 * Sets a model's parameters to what a training had learned: the exponential moving average if there is one, as in evaluation
 * and at the end of training. Also restores the statistics of batch normalization; these are older than the weights, so
 * calibrate again.
 *
 * @throws TaggerError `PARAMETER_MISMATCH` if the state belongs to another model
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

/** Refuses a state from a training with other options. @throws TaggerError `INVALID_OPTION` naming what differs */
export function checkResumable(
  where: string,
  state: TrainingState,
  now: {
    readonly seed: number | string;
    readonly batchSize: number;
    readonly examples: number;
    readonly labeled: TrainingState['labeled'];
    readonly ema: boolean;
  },
): void {
  const then = { ...state, ema: state.ema !== null };
  for (const name of ['seed', 'batchSize', 'examples', 'labeled', 'ema'] as const) {
    if (JSON.stringify(then[name]) !== JSON.stringify(now[name])) {
      throw new TaggerError(
        'INVALID_OPTION',
        `${where}: cannot resume: the state comes from a training with ${name} ${JSON.stringify(then[name])}, not ` +
          `${JSON.stringify(now[name])}. Pass the options of that training.`,
      );
    }
  }
}

async function snapshot(tree: TensorTree): Promise<TreeValues> {
  // Clones share the data. Assigning to a variable gives it other data and leaves the clones as they are.
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
