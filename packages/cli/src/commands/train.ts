import { readFile } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';

import { getRecipe, overrideRecipe, parseRecipe, recipes, type Recipe } from '@taggerjs/recipes';
import { calibrate } from '@taggerjs/tagger';
import { saveTaggerFile } from '@taggerjs/tagger/node';
import { train, type Evaluation } from '@taggerjs/train';
import type { CommandModule } from 'yargs';

import { CliError, EXIT_CODES } from '../errors';
import type { CommandContext } from '../main';
import { clock, createProgress } from '../progress';
import { backendOptions, setUpBackend, type BACKENDS } from '../run/backend';
import { environment } from '../run/environment';
import { datasetOf, taggerOf } from '../run/model';
import { previewExample, writeCurves, writeGroupFigure } from '../run/pictures';
import { createRunFolder, exists } from '../run/run-folder';
import { scoresLine, scoresTable, type ScoredMoment } from '../scores-table';

interface TrainArguments {
  recipe: string;
  out?: string;
  steps?: number;
  minutes?: number;
  seed?: number;
  backend: (typeof BACKENDS)[number];
  threads?: number;
  quiet: boolean;
  json: boolean;
}

/** `tagger train RECIPE|FILE` */
export function trainCommand(context: CommandContext): CommandModule<object, TrainArguments> {
  return {
    command: 'train <recipe>',
    describe: 'Train a Tagger by a recipe, and keep the run in a folder',
    builder: (yargs) =>
      yargs
        .positional('recipe', { type: 'string', demandOption: true, describe: 'Name of a recipe, or a JSON file' })
        .options({
          out: { type: 'string', describe: 'Folder of the run [default: runs/<recipe>-<time>]' },
          steps: { type: 'number', describe: 'Steps of the optimizer; short for --training.steps' },
          minutes: { type: 'number', describe: 'Ends training after so many minutes; short for --training.maxMinutes' },
          seed: { type: 'number', describe: 'Seed of everything random; short for --training.seed' },
          ...backendOptions,
          set: { type: 'string', array: true, describe: 'PATH=VALUE: any value of the recipe' },
          quiet: { type: 'boolean', default: false, describe: 'No progress' },
          json: { type: 'boolean', default: false, describe: 'Print the result as JSON' },
        })
        .example('$0 train shapes-quick', 'about five minutes on two cores')
        .example('$0 train shapes --minutes 60 --seed 2', 'another seed, an hour')
        .example('$0 train shapes-quick --training.batchSize 50', 'any value of the recipe')
        .example('$0 train my-recipe.json --out runs/mine', "one's own recipe") as never,
    handler: (args) => runTrain(args, context),
  };
}

async function runTrain(args: TrainArguments, { output, overrides, setExitCode }: CommandContext): Promise<void> {
  const { recipe, folder } = await readRecipe(args, overrides);
  const backend = await setUpBackend(args);
  const dataset = datasetOf(recipe, 'train');
  const validation = datasetOf(recipe, 'validation');
  const tagger = await taggerOf(recipe, dataset, folder);
  const run = await createRunFolder(recipe, {
    ...(args.out !== undefined && { out: args.out }),
    baseFolder: folder,
    environment: environment(backend),
  });
  const { training, evaluation } = recipe;
  const maxSeconds = training.maxMinutes === undefined ? Infinity : 60 * training.maxMinutes;
  const progress = createProgress(output, { quiet: args.quiet });
  const interruption = watchSignals(() =>
    progress.line('Interrupted: ending after this step. What is reached will be saved; once more ends at once.'),
  );

  const moments: ScoredMoment[] = [];
  let last: Evaluation | undefined;
  let ended = '';
  try {
    progress.line(`Training '${recipe.name}' with ${backend.description}; the run is kept in ${shown(run.path)}`);
    const events = train({
      tagger,
      dataset,
      validation,
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
      averaging: training.averaging,
      evaluation: { ...evaluation, seed: training.seed },
      signal: interruption.signal,
    });
    let steps = Infinity;
    for await (const event of events) {
      switch (event.type) {
        case 'start':
          ({ steps } = event);
          progress.line(
            `${event.parameters.toLocaleString('en')} parameters, ${dataset.size.toLocaleString('en')} training images, ` +
              `${evaluation.examples.toLocaleString('en')} held-out images to evaluate on`,
          );
          break;
        case 'step':
          await run.record(event as never);
          progress.update({ ...event, steps, maxSeconds });
          break;
        case 'evaluation': {
          const { evaluation: measured, ...when } = event;
          const { figure, ...scores } = measured;
          await run.record({ ...when, ...scores });
          last = measured;
          moments.push({ label: momentLabel(event), evaluation: measured });
          progress.line(`${event.phase === 'before' ? 'untrained' : `step ${event.step}`}: ${scoresLine(measured)}`);
          const name = event.phase === 'after' ? 'groups' : `groups-step-${event.step}`;
          if (figure.length > 0) {
            await writeGroupFigure(run.picture(name), figure, {
              inputShape: dataset.inputShape,
              title: `${recipe.name}, ${event.phase === 'before' ? 'untrained' : `after ${countSteps(event.step)}`}`,
            });
          }
          break;
        }
        case 'end':
          await run.record(event as never);
          ended = `${countSteps(event.step)} in ${clock(event.seconds)}`;
          if (event.reason === 'aborted') ended += ', interrupted';
          break;
      }
    }
  } finally {
    progress.stop();
    interruption.stop();
  }

  // Saved before the pass over the training images too: that one may be long, and be cut off.
  const save = () => saveTaggerFile(tagger, run.model, { metadata: { recipe: recipe.name } });
  await save();
  await calibrate(tagger, dataset.batches({ batchSize: training.batchSize, epochs: 1 }), {
    iterations: evaluation.iterations,
    ...(evaluation.groups !== undefined && { groups: evaluation.groups }),
    seed: training.seed,
  });
  if (Object.keys(tagger.state()).length > 0) await save();
  tagger.dispose();
  await writeCurves(run.picture('curves'), await run.metrics());

  if (args.json) {
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
      [`tagger evaluate ${shown(run.path)}`, `all ${datasetOf(recipe, 'test').size.toLocaleString('en')} test images`],
      [`tagger show ${shown(run.path)} --examples 12`, 'more groups'],
      ...(recipe.name === 'shapes-quick' ? [['tagger train shapes', 'the full-size model']] : []),
    ] as const;
    const width = Math.max(...next.map(([command = '']) => command.length)) + 4;
    for (const [command = '', what] of next) output.print(`  ${command.padEnd(width)}${what}`);
  }
  if (interruption.exitCode !== undefined) setExitCode(interruption.exitCode);
}

async function readRecipe(
  { recipe: given, steps, minutes, seed }: TrainArguments,
  overrides: Readonly<Record<string, string>>,
): Promise<{ recipe: Recipe; folder: string }> {
  let recipe: Recipe;
  let folder = process.cwd();
  if (Object.hasOwn(recipes, given) || !/[./\\]/.test(given)) {
    recipe = getRecipe(given);
  } else {
    const path = resolve(given);
    folder = dirname(path);
    let json: unknown;
    try {
      json = JSON.parse(await readFile(path, 'utf8'));
    } catch (cause) {
      throw new CliError(
        'USAGE',
        `The recipe file '${given}' cannot be read: ${cause instanceof Error ? cause.message : String(cause)}. ` +
          `Named recipes are: ${Object.keys(recipes).join(', ')}.`,
        { cause },
      );
    }
    recipe = parseRecipe(json);
  }
  const flags = {
    ...(steps !== undefined && { 'training.steps': String(steps) }),
    ...(minutes !== undefined && { 'training.maxMinutes': String(minutes) }),
    ...(seed !== undefined && { 'training.seed': String(seed) }),
  };
  return { recipe: overrideRecipe(recipe, { ...flags, ...overrides }), folder };
}

/** The first, one from the middle, the last: what a table has room for. */
function pickMoments(moments: readonly ScoredMoment[]): ScoredMoment[] {
  const middle = moments.slice(1, -1);
  const chosen = middle[Math.floor((middle.length - 1) / 2)];
  return [moments[0], chosen, moments.length > 1 ? moments.at(-1) : undefined].filter(
    (moment): moment is ScoredMoment => moment !== undefined,
  );
}

function momentLabel({ phase, step }: { phase: string; step: number }): string {
  if (phase === 'before') return 'untrained';
  return phase === 'after' ? `trained (${countSteps(step)})` : `step ${step}`;
}

function countSteps(steps: number): string {
  return steps === 1 ? '1 step' : `${steps} steps`;
}

function withoutFigure({ figure: _figure, ...scores }: Evaluation) {
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
