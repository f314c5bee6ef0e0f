import { countValues, TaggerError } from '@taggerjs/nn';
import { createRandom, type Random } from '@taggerjs/random';
import * as tf from '@tensorflow/tfjs-core';

import { checkResumable, readDeviceState, restoreDeviceState, type TrainingState } from '../checkpoint/training-state';
import { createSchedule } from '../optimizer/schedule';
import { createTrainingParts } from '../optimizer/training-parts';
import type { TrainedModel } from '../trained-model';
import type { EndEvent, TrainEvent } from './events';
import { resolveLoopOptions, type EvaluationTimes, type LoopOptions } from './loop-options';
import { nonFiniteError, type NonFinite } from './non-finite';
import { stepGradients, type StepCosts } from './step-gradients';

/** What to train and on what. `Item` is the data of a step, `Result` what an evaluation measures. */
export interface TrainingTask<Item, Result> {
  /** The public function, for error messages. */
  readonly where: string;
  /** The model, trained in place. */
  readonly model: TrainedModel;
  /** Number of training examples. */
  readonly examples: number;
  /** The labeled examples, if they are separate. */
  readonly labeled: TrainingState['labeled'];
  /** The data of each step from `from` on; the same at every call. */
  items(from: number): AsyncIterable<Item>;
  /** The first input that is not finite, if any. */
  findNonFiniteInput(item: Item): NonFinite | undefined;
  /** Repeats a step to find the first number in it that is not finite. */
  findNonFinite(item: Item, random: () => Random): Promise<NonFinite>;
  /** The costs of a step. Runs in the scope of the gradients. */
  costs(item: Item, random: Random): StepCosts;
  /** Measures the model; undefined to evaluate nothing. */
  readonly evaluate: (() => Promise<Result>) | undefined;
}

/**
 * The training loop of every model: an async generator of events. The consumer drives it: the loop waits while an event is
 * handled, and stops when the consumer stops.
 *
 * Every random number depends only on the seed and the step, so the same options give the same bits on the same backend.
 *
 * @throws TaggerError `INVALID_OPTION` if an option is missing or out of range, or `resume` belongs to other options;
 *   `PARAMETER_MISMATCH` if `resume` belongs to another model; `NON_FINITE`, with the step and the tensor, if a cost or a
 *   gradient is NaN or infinite: the parameters are then those before the step
 */
export async function* trainingLoop<Item, Result>(
  task: TrainingTask<Item, Result>,
  options: LoopOptions & { readonly evaluation?: EvaluationTimes },
): AsyncGenerator<TrainEvent<Result>, void, undefined> {
  const { where, model, examples, labeled } = task;
  const settings = resolveLoopOptions(where, examples, options);
  const { seed, batchSize, steps, stepsPerEpoch, maxSeconds, clipNorm, skipNonFinite, resume, signal } = settings;
  const identity = { seed, batchSize, examples, labeled };
  if (resume) checkResumable(where, resume, { ...identity, ema: settings.ema !== null });

  const learningRateAt = createSchedule({ ...settings.schedule, steps });
  const random = createRandom(seed).fork('train');
  const parameters = model.parameters();
  const parts = createTrainingParts(model, settings);
  const { optimizer, ema } = parts;

  let step = resume?.step ?? 0;
  let skipped = resume?.skipped ?? 0;
  let evaluated = resume?.evaluated ?? null;
  const started = performance.now();
  const seconds = () => (resume?.seconds ?? 0) + (performance.now() - started) / 1000;
  const now = () => ({ step, epoch: step / stepsPerEpoch, seconds: seconds() });

  // False while the parameters hold the average, and after the end.
  let readable = true;
  const state = async (): Promise<TrainingState> => {
    if (readable) {
      return { step, seconds: seconds(), skipped, evaluated, ...identity, ...(await readDeviceState(parts)) };
    }
    throw new TaggerError(
      'INVALID_OPTION',
      `${where}: call state() only while you handle an event before 'end', and not during an evaluation.`,
    );
  };

  const evaluationIsDue = () => {
    const last = evaluated ?? { step: 0, seconds: 0 };
    return step - last.step >= settings.everySteps || seconds() - last.seconds >= settings.everySeconds;
  };
  const evaluate = async (phase: 'before' | 'during' | 'after'): Promise<TrainEvent<Result>> => {
    const measure = task.evaluate as () => Promise<Result>;
    readable = false;
    const evaluation = ema ? await ema.use(measure) : await measure();
    readable = true;
    if (phase !== 'after') evaluated = { step, seconds: seconds() };
    return { type: 'evaluation', ...now(), phase, evaluation };
  };

  const whyEnd = (): EndEvent['reason'] | undefined => {
    if (step >= steps) return 'steps';
    if (signal?.aborted) return 'aborted';
    return seconds() >= maxSeconds ? 'time' : undefined;
  };

  try {
    if (resume) restoreDeviceState(parts, resume);
    yield { type: 'start', parameters: countValues(parameters), step, steps, stepsPerEpoch, state };
    if (task.evaluate && step === 0 && evaluated === null) yield await evaluate('before');
    // Due if the state was taken at a step, before the evaluation that followed it.
    else if (task.evaluate && step < steps && evaluationIsDue()) yield await evaluate('during');

    let reason: EndEvent['reason'] = 'steps';
    let rested = performance.now();
    for await (const item of task.items(step)) {
      const why = whyEnd();
      if (why) {
        reason = why;
        break;
      }
      const learningRate = learningRateAt(step);
      const stepRandom = () => random.fork('step', step);

      // Forward and backward. The cost may be finite although an input is not: a noise model may clip it.
      const made = task.findNonFiniteInput(item)
        ? undefined
        : await stepGradients(() => task.costs(item, stepRandom()), parameters, clipNorm);
      if (made) {
        // Synchronous: whenever an event is handled, the state is that of a complete step.
        const { gradients, scale } = made;
        optimizer.update(gradients, learningRate, { ...(scale && { scale }), ...(ema && { ema }) });
        tf.dispose([gradients, scale]);
        step += 1;
        yield { type: 'step', ...now(), ...made.report, learningRate };
      } else {
        const found = await task.findNonFinite(item, stepRandom);
        if (skipped >= skipNonFinite) throw nonFiniteError(where, step + 1, found, skipped);
        skipped += 1;
        step += 1;
        yield { type: 'skip', ...now(), ...found, skipped };
      }

      if (task.evaluate && step < steps && evaluationIsDue()) yield await evaluate('during');
      // Gives timers, signals and key presses a turn; microtasks alone never do.
      if (performance.now() - rested > 50) {
        await new Promise((resolve) => setTimeout(resolve, 0));
        rested = performance.now();
      }
    }

    if (reason === 'aborted') yield { type: 'interrupt', ...now() };
    if (task.evaluate) yield await evaluate('after');
    readable = false;
    ema?.assign();
    yield { type: 'end', ...now(), reason };
  } finally {
    readable = false;
    optimizer.dispose();
    ema?.dispose();
  }
}
