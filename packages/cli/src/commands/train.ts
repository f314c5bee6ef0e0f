import { readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

import {
  createRunFolder,
  datasetOf,
  digestOfData,
  environment,
  exists,
  isClassifier,
  type RunModel,
  runModelOf,
  type RunSource,
  transferFrom,
} from '@taggerjs/experiment/node';
import { getRecipe, overrideRecipe, parseRecipe, type Recipe, recipes } from '@taggerjs/recipes';
import { makeFolder } from '@taggerjs/weights/node';
import { Option } from 'commander';

import type { CommandContext } from '../command-context';
import { positiveNumber, wholeNumber } from '../command-line/numbers';
import type { RecipeValues } from '../command-line/recipe-values';
import {
  backendOption,
  jsonOption,
  quietOption,
  seedOption,
  tensorboardOption,
  threadsOption,
} from '../command-line/shared-options';
import { TaggerCommand } from '../command-line/tagger-command';
import { CliError } from '../errors';
import { type BackendName, setUpBackend } from '../run/backend';
import { trainRun } from '../run/train-run';

interface TrainArguments {
  recipe: string;
  data?: string;
  from?: string;
  out?: string;
  steps?: number;
  minutes?: number;
  seed?: number;
  set: RecipeValues;
  backend: BackendName;
  threads?: number;
  tensorboard?: string;
  quiet: boolean;
  json: boolean;
}

/** `tagger train RECIPE|FILE` */
export function trainCommand(context: CommandContext): TaggerCommand {
  return new TaggerCommand('train', context)
    .description('Train a model by a recipe, and keep the run in a folder')
    .argument('<recipe>', 'Name of a recipe, or a JSON file')
    .option('--data <path>', 'Your own data: a file (.npz, .npy, .h5, IDX) or a folder (PNG)')
    .option('--from <model>', 'Start with the weights of a run or a model file; layers it lacks are initialized')
    .option('--out <folder>', 'Folder of the run (default: runs/<recipe>-<time>)')
    .addOption(new Option('--steps <n>', 'Training steps; short for --training.steps').argParser(wholeNumber()))
    .addOption(new Option('--minutes <n>', 'Time limit; short for --training.maxMinutes').argParser(positiveNumber))
    .addOption(seedOption('Seed of everything random; short for --training.seed'))
    .addOption(backendOption())
    .addOption(threadsOption())
    .recipeValues('Any value of the recipe; short form: --training.batchSize 50')
    .addOption(tensorboardOption())
    .addOption(quietOption())
    .addOption(jsonOption())
    .example('tagger train shapes-quick', 'about five minutes on two cores')
    .example('tagger train shapes --minutes 60 --seed 2', 'another seed, an hour')
    .example('tagger train shapes-quick --training.batchSize 50', 'any value of the recipe')
    .example('tagger train my-recipe.json --out runs/mine', 'your own recipe')
    .example('tagger train shapes --tensorboard logs/shapes', 'then: tensorboard --logdir logs')
    .example('tagger train texture-mnist-2-classify --from runs/mine', 'continues from a run, with layers on top')
    .example('tagger train shapes-quick --data mine.npz --data.threshold 0.5', 'your own data')
    .action((recipe: string, options: Omit<TrainArguments, 'recipe'>) => runTrain({ recipe, ...options }, context));
}

async function runTrain(args: TrainArguments, context: CommandContext): Promise<void> {
  const { recipe, folder } = await readRecipe(args, args.set);
  const backend = await setUpBackend(args);
  const dataset = await datasetOf(recipe, 'train', folder);
  const { batchSize } = recipe.training;
  if (dataset.size < batchSize) {
    throw new CliError(
      'USAGE',
      `'${dataset.name}' has ${dataset.size} examples to train on, fewer than the ${batchSize} of a batch. Give ` +
        `--training.batchSize ${dataset.size} or less.`,
    );
  }
  const model = await runModelOf(recipe, dataset, folder);
  const from = args.from === undefined ? undefined : await transferTo(model, args.from);
  const data = await digestOfData(recipe, folder);
  // Before there is a run: an option that cannot be met leaves nothing behind.
  if (args.tensorboard !== undefined) await makeFolder(args.tensorboard);
  const { run, lock } = await createRunFolder(recipe, {
    ...(args.out !== undefined && { out: args.out }),
    ...(from && { from }),
    ...(data && { data }),
    baseFolder: folder,
    environment: environment(backend),
  });
  try {
    const { tensorboard, quiet, json } = args;
    await trainRun({ run, model, dataset, backend, tensorboard, quiet, json }, context);
  } finally {
    lock.release();
  }
}

async function transferTo({ tagger }: RunModel, given: string): Promise<RunSource> {
  if (tagger) return transferFrom(given, tagger);
  throw fromIsForTaggers();
}

/** Why a recipe of a classifier takes no weights. */
export function fromIsForTaggers(): CliError {
  return new CliError('USAGE', '--from takes the weights of a Tagger, and this recipe is one of a classifier.');
}

/** The recipe of a name or a file, with the values of the command line; and the folder of its modules. */
export async function readRecipe(
  { recipe: given, data, steps, minutes, seed }: Pick<TrainArguments, 'recipe' | 'data' | 'steps' | 'minutes' | 'seed'>,
  overrides: RecipeValues,
): Promise<{ recipe: Recipe; folder: string }> {
  let recipe: Recipe;
  let folder = process.cwd();
  if (Object.hasOwn(recipes, given) || !/[./\\]/.test(given)) {
    recipe = getRecipe(given);
  } else {
    const path = resolve(given);
    folder = dirname(path);
    recipe = parseRecipe(await readJson(given, path));
  }
  const flags = {
    // From here, not from the folder of the recipe.
    ...(data !== undefined && { data: { type: 'file', path: resolve(data) } }),
    ...(steps !== undefined && { 'training.steps': String(steps) }),
    ...(minutes !== undefined && { 'training.maxMinutes': String(minutes) }),
    ...(seed !== undefined && { 'training.seed': String(seed) }),
  };
  const [twice] = Object.keys(flags).filter((place) => Object.hasOwn(overrides, place));
  if (twice !== undefined) {
    throw new CliError('USAGE', `'${twice}' is given twice: by its place in the recipe, and by ${SHORT[twice]}.`);
  }
  const changed = overrideRecipe(recipe, { ...flags, ...overrides });
  refuseForClassifier(changed, Object.keys(overrides));
  return { recipe: changed, folder };
}

/** The options that are short for places of the recipe. */
const SHORT: Readonly<Record<string, string>> = {
  data: '--data',
  'training.steps': '--steps',
  'training.maxMinutes': '--minutes',
  'training.seed': '--seed',
};

/** Values that mean nothing to a classifier: it has no groups and no iterations, and its cost is that of classification. */
const OF_TAGGERS = [
  'evaluation.iterations',
  'evaluation.groups',
  'evaluation.figureExamples',
  'training.classification.weight',
];

function refuseForClassifier(recipe: Recipe, places: readonly string[]): void {
  const [place] = places.filter((place) => OF_TAGGERS.includes(place));
  if (place === undefined || !isClassifier(recipe)) return;
  throw new CliError(
    'USAGE',
    `The recipe '${recipe.name}' is one of a classifier, to which '${place}' means nothing. Leave it out.`,
  );
}

async function readJson(given: string, path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    const names = `Named recipes are: ${Object.keys(recipes).join(', ')}.`;
    if ((await stat(path).catch(() => undefined))?.isDirectory() === true) {
      const advice = (await exists(join(path, 'config.json')))
        ? `It is a run: go on with it by \`tagger resume ${given}\`.`
        : `Give a recipe's JSON file. ${names}`;
      throw new CliError('USAGE', `'${given}' is a folder, not a recipe. ${advice}`, { cause });
    }
    throw new CliError(
      'USAGE',
      `The recipe file '${given}' cannot be read: ${cause instanceof Error ? cause.message : String(cause)}. ${names}`,
      { cause },
    );
  }
}
