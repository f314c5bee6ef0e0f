import { relative } from 'node:path';

import type { Dataset } from '@taggerjs/datasets';
import {
  type BestEvaluation,
  datasetOf,
  exists,
  isClassifier,
  type RunCheckpoint,
  type RunEvaluation,
  type RunFolder,
  type RunModel,
  type RunSource,
  saveCheckpoint,
} from '@taggerjs/experiment/node';
import type { EvaluationEvent, TrainingState } from '@taggerjs/train';

import { CliError, EXIT_CODES } from '../errors';
import type { CommandContext } from '../command-context';
import { clock, createProgress } from '../terminal/progress';
import { scoresLine, scoresTable, type ScoredMoment } from '../scores/scores-table';
import { createEventWriter } from '../tracking/event-writer';
import { VERSION } from '../version';
import type { BackendSetup } from './backend';
import { previewExample, writeCurves, writeGroupFigure } from './pictures';

/** What {@link trainRun} takes. */
export interface TrainRunOptions {
  /** The run, locked for this process. */
  readonly run: RunFolder;
  /** The model of its recipe; disposed at the end. */
  readonly model: RunModel;
  readonly dataset: Dataset;
  readonly backend: BackendSetup;
  /** Where to go on. @default from the beginning */
  readonly resume?: RunCheckpoint;
  /** Folder for a TensorBoard event file that grows with the run. @default none */
  readonly tensorboard?: string | undefined;
  /** No progress. */
  readonly quiet: boolean;
  /** Print the result as JSON. */
  readonly json: boolean;
}

/** Trains a run to its end, from the beginning or from a checkpoint, and prints what came out. */
export async function trainRun(options: TrainRunOptions, { output, setExitCode }: CommandContext): Promise<void> {
  const { run, model, dataset, backend, resume, tensorboard, quiet, json } = options;
  const { recipe } = run.config;
  const validation = await datasetOf(recipe, 'validation', run.config.baseFolder);
  const { training, evaluation } = recipe;
  const maxSeconds = training.maxMinutes === undefined ? Infinity : 60 * training.maxMinutes;
  const board = tensorboard === undefined ? undefined : await createEventWriter(run, tensorboard);
  const progress = createProgress(output, { quiet });
  const interruption = watchSignals(() =>
    progress.line('Interrupted: ending after this step. What is reached will be saved; once more ends at once.'),
  );

  const start = run.config.from ? 'at the start' : 'untrained';
  const moments: ScoredMoment[] = (await run.metrics()).filter(isEvaluation).map((record) => ({
    label: momentLabel(record, start),
    evaluation: { ...record, seconds: record.evaluationSeconds, figure: [] },
  }));
  const record = async (values: Readonly<Record<string, unknown>>) => {
    await run.record(values);
    await board?.record(values);
  };
  const keeper = createKeeper({ run, backend, ...(resume && { resume }) });
  let last: RunEvaluation | undefined;
  let ended = '';
  let reason = 'steps';
  try {
    const doing = resume
      ? `Going on with '${recipe.name}' after ${countSteps(resume.state.step)}`
      : `Training '${recipe.name}'`;
    progress.line(`${doing} with ${backend.description}; the run is kept in ${shown(run.path)}`);
    if (run.config.from && !resume) for (const line of describeSource(run.config.from)) progress.line(line);
    const events = model.train(
      { dataset, validation },
      {
        ...(training.steps !== undefined && { steps: training.steps }),
        ...(training.epochs !== undefined && { epochs: training.epochs }),
        ...(Number.isFinite(maxSeconds) && { maxSeconds }),
        batchSize: training.batchSize,
        seed: training.seed,
        learningRate: training.optimizer.learningRate,
        adam: {
          beta1: training.optimizer.beta1,
          beta2: training.optimizer.beta2,
          epsilon: training.optimizer.epsilon,
        },
        schedule: training.schedule,
        clipNorm: training.clipNorm,
        ema: training.ema,
        skipNonFinite: training.skipNonFinite,
        ...(resume && { resume: resume.state }),
        signal: interruption.signal,
      },
    );
    let steps = Infinity;
    for await (const event of events) {
      switch (event.type) {
        case 'start':
          ({ steps } = event);
          keeper.begin(event.state);
          progress.line(
            `${event.parameters.toLocaleString('en')} parameters, ${dataset.size.toLocaleString('en')} training images, ` +
              `${evaluation.examples.toLocaleString('en')} held-out images to evaluate on`,
          );
          break;
        case 'step':
          await record({ ...event });
          progress.update({ ...event, steps, maxSeconds });
          await keeper.after(event);
          break;
        case 'skip':
          await record({ ...event });
          progress.line(
            `step ${event.step} is skipped (${event.skipped} of ${training.skipNonFinite}): ` +
              `${event.iteration === undefined ? '' : `iteration ${event.iteration}, `}tensor ${event.tensor}: ${event.problem}`,
          );
          await keeper.after(event);
          break;
        case 'interrupt':
          await keeper.save(event);
          progress.line(`The checkpoint of step ${event.step} is saved.`);
          break;
        case 'evaluation': {
          const { evaluation: measured, ...when } = event;
          const { figure, seconds: evaluationSeconds, ...scores } = measured;
          // Whoever goes on from the last step evaluates once more, so its checkpoint comes before the record.
          if (event.phase === 'after') await keeper.evaluated(event);
          await record({ ...when, ...scores, evaluationSeconds });
          if (event.phase === 'during') await keeper.evaluated(event);
          last = measured;
          moments.push({ label: momentLabel(event, start), evaluation: measured });
          progress.line(`${event.phase === 'before' ? start : `step ${event.step}`}: ${scoresLine(measured)}`);
          const name = event.phase === 'after' ? 'groups' : `groups-step-${event.step}`;
          if (figure.length > 0) {
            const [, png] = await writeGroupFigure(run.picture(name), figure, {
              inputShape: dataset.inputShape,
              title: `${recipe.name}, ${event.phase === 'before' ? start : `after ${countSteps(event.step)}`}`,
            });
            if (png !== undefined) await board?.picture(png, event);
          }
          break;
        }
        case 'end':
          await record({ ...event });
          reason = event.reason;
          ended = `${countSteps(event.step)} in ${clock(event.seconds)}`;
          if (event.reason === 'aborted') ended += ', interrupted';
          break;
      }
    }
  } catch (error) {
    throw keeper.withAdvice(error);
  } finally {
    progress.stop();
    interruption.stop();
  }

  // Saved before the pass over the training images too: that one may be long, and be cut off.
  await model.save(run.model);
  if (await model.calibrate(dataset)) await model.save(run.model);
  model.dispose();
  await writeCurves(run.picture('curves'), await run.metrics());
  if (reason !== 'aborted') await run.finish({ finished: new Date().toISOString(), reason });

  if (json) {
    const result = {
      run: run.path,
      model: run.model,
      moments: moments.map(({ label, evaluation }) => ({ label, ...withoutFigure(evaluation) })),
    };
    output.print(JSON.stringify(result, null, 2));
  } else {
    output.print();
    output.print(`Trained ${ended}. On ${last?.examples.toLocaleString('en')} held-out images:`);
    output.print();
    output.print(scoresTable(pickMoments(moments)));
    const [example] = last?.figure ?? [];
    if (example && output.color !== 'none') {
      output.print();
      previewExample(output, example, dataset.inputShape);
    }
    const groups = `${run.picture('groups')}.png`;
    output.print();
    if (await exists(groups)) output.print(`The groups:    ${shown(groups)}`);
    output.print(`The model:     ${shown(run.model)}`);
    output.print();
    output.print('What to do next:');
    const next = [
      ...(reason === 'aborted' ? [[`tagger resume ${shown(run.path)}`, 'go on with the training']] : []),
      [
        `tagger evaluate ${shown(run.path)}`,
        `all ${(await datasetOf(recipe, 'test', run.config.baseFolder)).size.toLocaleString('en')} test images`,
      ],
      ...(isClassifier(recipe) ? [] : [[`tagger show ${shown(run.path)} --examples 12`, 'more groups']]),
      ...(recipe.name === 'shapes-quick' && recipe.data.type === 'shapes'
        ? [['tagger train shapes-small', 'the same, until it groups: an hour']]
        : []),
    ] as const;
    const width = Math.max(...next.map(([command = '']) => command.length)) + 4;
    for (const [command = '', what] of next) output.print(`  ${command.padEnd(width)}${what}`);
  }
  if (interruption.exitCode !== undefined) setExitCode(interruption.exitCode);
}

/** What a run took over from another model, in words. */
function describeSource({ model, taken, fresh, left, differences }: RunSource): string[] {
  const changed = Object.entries(differences).map(
    ([path, [then, now]]) => `${path} ${JSON.stringify(then)} -> ${JSON.stringify(now)}`,
  );
  return [
    `Taken from ${shown(model)}: ${named(taken)}`,
    `Begin anew: ${named(fresh)}`,
    ...(left.length === 0 ? [] : [`Not taken: ${named(left)}`]),
    ...(changed.length === 0 ? [] : [`Other than there: ${changed.join(', ')}`]),
  ];
}

/** The names of tensors; the ten vectors of a combinator are named together. */
function named(names: readonly string[]): string {
  const short = new Set(names.map((name) => name.replace(/a\d+_(\d+)$/, 'a*_$1')));
  if (names.length === 0) return 'no tensors';
  return `${names.length} ${names.length === 1 ? 'tensor' : 'tensors'} (${[...short].join(', ')})`;
}

/** Saves the checkpoints of a run when they are due. */
function createKeeper({
  run,
  backend,
  resume,
}: {
  readonly run: RunFolder;
  readonly backend: BackendSetup;
  readonly resume?: RunCheckpoint;
}) {
  const { recipe } = run.config;
  const { everySteps = Infinity, everySeconds, keep, best: metric } = recipe.checkpoint;
  const { name, description, threads, kernels } = backend;
  let best: BestEvaluation | null = resume?.info.best ?? null;
  let saved = { step: resume?.state.step ?? 0, seconds: resume?.state.seconds ?? 0 };
  let take: (() => Promise<TrainingState>) | undefined;

  const save = async ({ step, seconds }: { readonly step: number; readonly seconds: number }) => {
    if (!take) return;
    await run.flushMetrics();
    const info = {
      version: VERSION,
      recipe,
      backend: { name, description, threads, kernels },
      records: run.records,
      best,
    };
    await saveCheckpoint(run.checkpoints, { state: await take(), info }, keep);
    saved = { step, seconds };
  };
  return {
    save,
    begin(state: () => Promise<TrainingState>) {
      take = state;
    },
    async after(event: { readonly step: number; readonly seconds: number }) {
      const due = event.step - saved.step >= everySteps || event.seconds - saved.seconds >= (everySeconds ?? Infinity);
      if (due) await save(event);
    },
    async evaluated(event: EvaluationEvent<RunEvaluation>) {
      const value = metric ? valueOf(event.evaluation, metric) : undefined;
      const better =
        value !== undefined &&
        (best?.metric !== metric || (metric === 'ami' ? value > best.value : value < best.value));
      if (better && metric) best = { metric, step: event.step, value };
      if (better || (event.phase === 'after' && event.step > saved.step)) await save(event);
    },
    /** Adds to an error of writing what is safe, and how to go on. */
    withAdvice(error: unknown): unknown {
      if (!(error instanceof Error) || !('code' in error) || error.code !== 'FILE') return error;
      const safe = saved.step > 0 ? `The checkpoint of step ${saved.step} is whole` : 'There is no checkpoint yet';
      return new CliError(
        'FILE',
        `${(error as Error).message}. ${safe}: make room, or make the folder writable, and go on with \`tagger resume ` +
          `${shown(run.path)}\`.`,
        { cause: error },
      );
    },
  };
}

/** What an evaluation is best in; a classifier's cost is its cross-entropy. */
function valueOf(scores: RunEvaluation, metric: BestEvaluation['metric']): number | undefined {
  if (metric === 'error') return scores.classificationError;
  return scores.iterations.at(-1)?.[metric] ?? (metric === 'cost' ? scores.classificationCost : undefined);
}

type EvaluationRecord = Omit<EvaluationEvent, 'evaluation'> &
  Omit<RunEvaluation, 'figure' | 'seconds'> & { readonly evaluationSeconds: number };

function isEvaluation(record: object): record is EvaluationRecord {
  return (record as { type?: unknown }).type === 'evaluation';
}

/** The first, one from the middle, the last: what a table has room for. */
function pickMoments(moments: readonly ScoredMoment[]): ScoredMoment[] {
  const middle = moments.slice(1, -1);
  const chosen = middle[Math.floor((middle.length - 1) / 2)];
  return [moments[0], chosen, moments.length > 1 ? moments.at(-1) : undefined].filter(
    (moment): moment is ScoredMoment => moment !== undefined,
  );
}

function momentLabel({ phase, step }: { phase: string; step: number }, start: string): string {
  if (phase === 'before') return start;
  return phase === 'after' ? `trained (${countSteps(step)})` : `step ${step}`;
}

function countSteps(steps: number): string {
  return steps === 1 ? '1 step' : `${steps} steps`;
}

function withoutFigure({ figure: _figure, ...scores }: RunEvaluation) {
  return scores;
}

/** A path as one would type it. */
function shown(path: string): string {
  const from = relative(process.cwd(), path);
  return from.startsWith('..') ? path : from;
}

/** Ctrl-C and SIGTERM end training after the step at hand; a second one ends the process at once. */
function watchSignals(onFirst: () => void) {
  const controller = new AbortController();
  const watch = {
    signal: controller.signal,
    exitCode: undefined as number | undefined,
    stop: () => {
      process.removeListener('SIGINT', onInterrupt);
      process.removeListener('SIGTERM', onTerminate);
    },
  };
  const abort = (code: number) => {
    if (controller.signal.aborted) process.exit(code);
    watch.exitCode = code;
    controller.abort();
    onFirst();
  };
  const onInterrupt = () => abort(EXIT_CODES.interrupted);
  const onTerminate = () => abort(EXIT_CODES.terminated);
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onTerminate);
  return watch;
}
