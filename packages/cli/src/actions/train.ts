import { trainRun } from '@taggerjs/experiment/node';
import { makeFolder } from '@taggerjs/weights/node';

import type { CommandContext } from '../command-context';
import type { RecipeValues } from '../command-line/recipe-values';
import { type BackendName, type Precision, setUpBackend } from '../run/backend';
import { requireTagger } from '../run/classifier-options';
import { readRecipe } from '../run/read-recipe';
import { reportTraining } from '../run/report-training';
import { modelPath } from '../run/trained-model';

/** Arguments and options of `tagger train`. */
export interface TrainArguments {
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
  precision?: Precision;
  tensorboard?: string;
  quiet: boolean;
  json: boolean;
}

/** Runs `tagger train`. */
export async function runTrain(args: TrainArguments, context: CommandContext): Promise<void> {
  const { recipe, folder: baseFolder } = await readRecipe(args, args.set);
  if (args.from !== undefined) requireTagger(recipe);
  const backend = await setUpBackend(args);
  if (args.tensorboard !== undefined) await makeFolder(args.tensorboard);
  const { out, from } = args;
  await reportTraining(
    (signal) =>
      trainRun(recipe, {
        ...{ baseFolder, backend, signal },
        ...(out !== undefined && { folder: out }),
        ...(from !== undefined && { from: modelPath(from) }),
      }),
    args,
    context,
  );
}
