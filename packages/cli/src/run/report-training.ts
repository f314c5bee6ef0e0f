import {
  metricsRecord,
  type MetricsRecord,
  type Run,
  type RunSource,
  type TrainRunEvent,
} from '@taggerjs/experiment/node';
import type { EvaluationEvent } from '@taggerjs/train';
import type { GroupExample } from '@taggerjs/viz';

import { shown } from '../shown-path';
import { CliError } from '../errors';
import type { CommandContext } from '../command-context';
import { commandLine } from '../command-line/command-line';
import { headlineMeasure } from '../scores/headline-measure';
import { scoresLine, scoresTable, type Scores, type ScoredMoment } from '../scores/scores-table';
import type { Output } from '../terminal/output';
import { clock, createProgress } from '../terminal/progress';
import { createEventWriter, type EventWriter } from '../tracking/event-writer';
import { createInterruption } from './interruption';
import { previewExample, writeCurves, writeGroupFigure } from './pictures';

/** Options of {@link reportTraining}. */
export interface ReportOptions {
  /** Folder for a TensorBoard event file that grows with the run. @default none */
  readonly tensorboard?: string | undefined;
  /** Whether to hide the progress. */
  readonly quiet: boolean;
  /** Whether to print the result as JSON. */
  readonly json: boolean;
}

/**
 * Follows the training of a run: prints progress and results, draws pictures, and ends training on a signal.
 *
 * @param train starts training with an abort signal
 * @throws CliError `FILE` if a file of the run cannot be written. The message says how to continue
 */
export async function reportTraining(
  train: (signal: AbortSignal) => AsyncIterable<TrainRunEvent>,
  { tensorboard, quiet, json }: ReportOptions,
  { output, setExitCode }: CommandContext,
): Promise<void> {
  const progress = createProgress(output, { quiet });
  const interruption = createInterruption(() =>
    progress.line('Interrupted: training ends after this step and saves a checkpoint. Interrupt again to end at once.'),
  );
  const moments: ScoredMoment[] = [];
  let run: Run | undefined;
  let board: EventWriter | undefined;
  let start = 'untrained';
  let [steps, maxSeconds, saved] = [Infinity, Infinity, 0];
  let interrupted = false;
  let ended = '';
  let aborted = false;
  try {
    for await (const event of train(interruption.signal)) {
      const record = isTraining(event) ? metricsRecord(event) : undefined;
      if (record) await board?.record(record);
      switch (event.type) {
        case 'finished':
          return printFinished(event.run, { json }, output);
        case 'warning':
          output.error(`tagger: warning: ${event.message}`);
          break;
        case 'run': {
          ({ run } = event);
          interruption.listen();
          const { recipe, from } = run.config;
          saved = event.resumedFrom ?? 0;
          if (from) start = 'at the start';
          if (recipe.training.maxMinutes !== undefined) maxSeconds = 60 * recipe.training.maxMinutes;
          const before = (await run.metrics()).filter(isEvaluation);
          moments.push(...before.map((record) => ({ label: momentLabel(record, start), evaluation: record })));
          if (tensorboard !== undefined) board = await createEventWriter(run, tensorboard);
          const doing =
            event.resumedFrom === null
              ? `Training '${recipe.name}'`
              : `Resuming '${recipe.name}' after ${countSteps(event.resumedFrom)}`;
          progress.line(`${doing} with ${event.backend.description}; the run is in ${shown(run.path)}`);
          if (from && event.resumedFrom === null) for (const line of describeSource(from)) progress.line(line);
          break;
        }
        case 'start': {
          ({ steps } = event);
          const { size } = await run!.dataset('train');
          progress.line(
            `${event.parameters.toLocaleString('en')} parameters, ${size.toLocaleString('en')} training images, ` +
              `${run!.config.recipe.evaluation.examples.toLocaleString('en')} held-out images for evaluation`,
          );
          break;
        }
        case 'step':
          progress.update({ ...event, steps, maxSeconds });
          break;
        case 'skip':
          progress.line(
            `step ${event.step} skipped (${event.skipped} of ${run!.config.recipe.training.skipNonFinite}): ` +
              `${event.iteration === undefined ? '' : `iteration ${event.iteration}, `}tensor ${event.tensor}: ${event.problem}`,
          );
          break;
        case 'interrupt':
          interrupted = true;
          break;
        case 'checkpoint':
          saved = event.step;
          if (interrupted) progress.line(`Saved the checkpoint of step ${event.step}.`);
          interrupted = false;
          break;
        case 'evaluation': {
          const { evaluation } = event;
          moments.push({ label: momentLabel(event, start), evaluation });
          progress.line(
            `${event.phase === 'before' ? start : `step ${event.step}`}: ${scoresLine(evaluation, headlineMeasure(run!.config.recipe.data, evaluation))}`,
          );
          if ('figure' in evaluation && evaluation.figure.length > 0) {
            const name = event.phase === 'after' ? 'groups' : `groups-step-${event.step}`;
            const { inputShape } = await run!.dataset('train');
            const [, png] = await writeGroupFigure(run!.picture(name), evaluation.figure, {
              inputShape,
              title: `${run!.config.recipe.name}, ${event.phase === 'before' ? start : `after ${countSteps(event.step)}`}`,
            });
            if (png !== undefined) await board?.picture(png, event);
          }
          break;
        }
        case 'end':
          aborted = event.reason === 'aborted';
          ended = `${countSteps(event.step)} in ${clock(event.seconds)}${aborted ? ', interrupted' : ''}`;
          progress.stop();
          interruption.stop();
          // Before the last event, so that a run whose curves cannot be written is not finished and can be resumed.
          await writeCurves(run!.picture('curves'), await run!.metrics());
          break;
      }
    }
  } catch (error) {
    throw run && isFileError(error) ? withAdvice(error, run, saved) : error;
  } finally {
    progress.stop();
    interruption.stop();
  }
  await printResult(run!, { moments, ended, aborted }, { json }, output);
  if (interruption.exitCode !== undefined) setExitCode(interruption.exitCode);
}

function isTraining(event: TrainRunEvent): event is Exclude<TrainRunEvent, { type: (typeof OF_THE_RUN)[number] }> {
  return !(OF_THE_RUN as readonly string[]).includes(event.type);
}

const OF_THE_RUN = ['warning', 'run', 'finished', 'checkpoint', 'model'] as const;

function isFileError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && error.code === 'FILE';
}

/** Extends a write error with what is saved and how to continue. */
function withAdvice(error: Error, run: Run, saved: number): CliError {
  const safe = saved > 0 ? `The checkpoint of step ${saved} is safe` : 'There is no checkpoint yet';
  return new CliError(
    'FILE',
    `${error.message.replace(/\.$/, '')}. ${safe}. Free some space or make the folder writable, then run ` +
      `\`${commandLine(['resume', shown(run.path)])}\`.`,
    { cause: error },
  );
}

function printFinished(run: Run, { json }: { readonly json: boolean }, output: Output): void {
  if (json) output.print(JSON.stringify({ run: run.path, model: run.modelFile, finished: true }, null, 2));
  else {
    output.print(
      `'${shown(run.path)}' has finished; there is nothing to resume. Its model: ${run.modelFile}. To train it further: ` +
        commandLine(['train', 'RECIPE', '--from', shown(run.path)]),
    );
  }
}

interface Outcome {
  readonly moments: readonly ScoredMoment[];
  readonly ended: string;
  readonly aborted: boolean;
}

async function printResult(
  run: Run,
  { moments, ended, aborted }: Outcome,
  { json }: { readonly json: boolean },
  output: Output,
): Promise<void> {
  if (json) {
    const measured = moments.map(({ label, evaluation }) => {
      const { figure: _figure, ...scores } = evaluation as Scores & { readonly figure?: unknown };
      return { label, ...scores };
    });
    output.print(JSON.stringify({ run: run.path, model: run.modelFile, moments: measured }, null, 2));
    return;
  }
  const { recipe } = run.config;
  const last = moments.at(-1)?.evaluation;
  output.print();
  output.print(`Trained ${ended}. On ${last?.examples.toLocaleString('en')} held-out images:`);
  output.print();
  output.print(scoresTable(pickMoments(moments), headlineMeasure(recipe.data, last ?? { examples: 0 })));
  const [example] = (last as { readonly figure?: readonly GroupExample[] } | undefined)?.figure ?? [];
  if (example) {
    if (output.color !== 'none') {
      output.print();
      previewExample(output, example, (await run.dataset('train')).inputShape);
    }
    output.print();
    output.print(`The groups:    ${shown(`${run.picture('groups')}.png`)}`);
  } else output.print();
  output.print(`The model:     ${shown(run.modelFile)}`);
  output.print();
  output.print('What to do next:');
  const { size } = await run.dataset('test');
  const folder = shown(run.path);
  const commands: (readonly [words: readonly string[], what: string])[] = [
    ...(aborted ? [[['resume', folder], 'continue the training'] as const] : []),
    [['evaluate', folder], `all ${size.toLocaleString('en')} test images`],
    [['show', folder, '--examples', '12'], 'more examples'],
    ...(recipe.name === 'shapes-quick' && recipe.data.type === 'shapes'
      ? [[['train', 'shapes-small'], 'the same, until it groups: an hour'] as const]
      : []),
  ];
  const next = commands.map(([words, what]) => [commandLine(words), what] as const);
  const width = Math.max(...next.map(([command]) => command.length)) + 4;
  for (const [command, what] of next) output.print(`  ${command.padEnd(width)}${what}`);
}

/** Describes what a run copied from another model. */
function describeSource({ model, taken, fresh, left, differences }: RunSource): string[] {
  const changed = Object.entries(differences).map(
    ([path, [then, now]]) => `${path} ${JSON.stringify(then)} -> ${JSON.stringify(now)}`,
  );
  return [
    `Taken from ${shown(model)}: ${named(taken)}`,
    `New: ${named(fresh)}`,
    ...(left.length === 0 ? [] : [`Not taken: ${named(left)}`]),
    ...(changed.length === 0 ? [] : [`Different there: ${changed.join(', ')}`]),
  ];
}

/** The names of tensors. The ten vectors of a combinator count as one name. */
function named(names: readonly string[]): string {
  const short = new Set(names.map((name) => name.replace(/a\d+_(\d+)$/, 'a*_$1')));
  if (names.length === 0) return 'no tensors';
  return `${names.length} ${names.length === 1 ? 'tensor' : 'tensors'} (${[...short].join(', ')})`;
}

type EvaluationRecord = Pick<EvaluationEvent, 'phase' | 'step'> & Scores;

function isEvaluation(record: MetricsRecord): record is MetricsRecord & EvaluationRecord {
  return record['type'] === 'evaluation';
}

/** Picks the first, a middle and the last evaluation, for a short table. */
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
