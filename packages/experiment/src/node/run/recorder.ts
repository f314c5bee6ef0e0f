import type { TrainEvent, TrainingState } from '@taggerjs/train';

import type { ModelEvaluation } from '../../model/experiment-model';
import { version } from '../version';
import { saveCheckpoint, type BestEvaluation, type RunCheckpoint } from './checkpoint-folder';
import type { MetricsRecord } from './run';
import type { BackendDescription } from './run-config';
import type { RunFolder } from './run-folder';
import type { RunWriter } from './run-writer';

/** The metrics record of a training event; undefined for events without one. */
export function metricsRecord(event: TrainEvent<ModelEvaluation>): MetricsRecord | undefined {
  switch (event.type) {
    case 'start':
    case 'interrupt':
      return undefined;
    case 'evaluation': {
      const { evaluation, ...when } = event;
      const { seconds: evaluationSeconds, ...scores } = evaluation;
      if ('figure' in scores) {
        const { figure: _figure, ...numbers } = scores;
        return { ...when, ...numbers, evaluationSeconds };
      }
      return { ...when, ...scores, evaluationSeconds };
    }
    default:
      return { ...event };
  }
}

/** Records the events of a training, and writes checkpoints when they are due. */
export interface Recorder {
  /** @returns the step of the checkpoint that was written; undefined if none was due */
  add(event: TrainEvent<ModelEvaluation>): Promise<number | undefined>;
}

/** Creates the recorder of a run that starts or resumes. */
export function createRecorder(
  folder: RunFolder,
  writer: RunWriter,
  { name, description = name, threads, kernels, precision = 'float32' }: BackendDescription,
  checkpoint: RunCheckpoint | undefined,
): Recorder {
  const { recipe } = folder.config;
  const { everySteps = Infinity, everySeconds, keep, best: metric } = recipe.checkpoint;
  let best: BestEvaluation | null = checkpoint?.info.best ?? null;
  let saved = { step: checkpoint?.state.step ?? 0, seconds: checkpoint?.state.seconds ?? 0 };
  let state: (() => Promise<TrainingState>) | undefined;

  const save = async ({ step, seconds }: { readonly step: number; readonly seconds: number }) => {
    if (!state) return undefined;
    await writer.flushMetrics();
    const backend = { name, description, threads, kernels, precision };
    const info = { version: version(), recipe, backend, records: writer.records, best };
    await saveCheckpoint(folder.checkpoints, { state: await state(), info }, keep, writer);
    saved = { step, seconds };
    return step;
  };
  const isDue = ({ step, seconds }: { readonly step: number; readonly seconds: number }) =>
    step - saved.step >= everySteps || seconds - saved.seconds >= (everySeconds ?? Infinity);
  const isBest = (step: number, evaluation: ModelEvaluation) => {
    const value = metric ? valueOf(evaluation, metric) : undefined;
    if (!metric || value === undefined) return false;
    const sign = metric === 'ami' ? -1 : 1;
    if (best?.metric === metric && sign * value >= sign * best.value) return false;
    best = { metric, step, value };
    return true;
  };

  return {
    async add(event) {
      const values = metricsRecord(event);
      switch (event.type) {
        case 'start':
          ({ state } = event);
          return undefined;
        case 'step':
        case 'skip':
          await writer.record(values!);
          return isDue(event) ? save(event) : undefined;
        case 'interrupt':
          return save(event);
        case 'evaluation': {
          const { phase, step, evaluation } = event;
          const due = phase !== 'before' && (isBest(step, evaluation) || (phase === 'after' && step > saved.step));
          // A run that resumes from its last step evaluates again, so this checkpoint precedes the record.
          const before = due && phase === 'after' ? await save(event) : undefined;
          await writer.record(values!);
          return due && phase === 'during' ? save(event) : before;
        }
        case 'end':
          await writer.record(values!);
          return undefined;
      }
    },
  };
}

/** The value of an evaluation that ranks checkpoints. The cost of a classifier is its cross-entropy. */
function valueOf(evaluation: ModelEvaluation, metric: BestEvaluation['metric']): number | undefined {
  if (metric === 'error') return evaluation.classificationError;
  if ('iterations' in evaluation) return evaluation.iterations.at(-1)?.[metric];
  return metric === 'cost' ? evaluation.classificationCost : undefined;
}
