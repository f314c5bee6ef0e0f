import type { Split } from '@taggerjs/datasets';
import type { WhichCheckpoint } from '@taggerjs/experiment/node';

import type { CommandContext } from '../command-context';
import { CliError } from '../errors';
import { openDatasetWith } from '../generalization/dataset-with-objects';
import { type BackendName, setUpBackend } from '../run/backend';
import { refuseIfClassifier } from '../run/classifier-options';
import { measuring } from '../run/measuring';
import { openTrainedModel } from '../run/trained-model';
import { scoresTable } from '../scores/scores-table';

/** Arguments and options of `tagger evaluate`. */
export interface EvaluateArguments {
  run: string;
  split: Split;
  examples?: number;
  iterations?: number;
  /** Numbers of groups to evaluate with. */
  groups?: readonly number[];
  /** Numbers of objects in each image to evaluate with. */
  objects?: readonly number[];
  checkpoint?: WhichCheckpoint;
  statistics?: 'batch' | 'calibrated';
  seed?: number;
  backend: BackendName;
  threads?: number;
  out?: string;
  json: boolean;
}

/** Runs `tagger evaluate` with one number of groups and of objects. */
export async function runEvaluate(args: EvaluateArguments, { output }: CommandContext): Promise<void> {
  const { groups = [], objects = [], split, checkpoint, examples, iterations, statistics, seed, out } = args;
  const trained = await openTrainedModel(args.run);
  const { recipe, run } = trained;
  refuseIfClassifier(args.run, recipe, { iterations, groups: args.groups, objects: args.objects, seed, out });
  if (out !== undefined)
    throw new CliError('USAGE', '--out draws several settings. Pass a range too, such as --groups 4..8.');
  const dataset = await openDatasetWith(trained, split, objects[0]);
  await setUpBackend(args);
  const how = measuring(recipe, { examples, iterations, groups: groups[0], statistics, seed });
  const model = await trained.loadModel({ checkpoint });
  const result = await model.evaluate(dataset, how).finally(() => model.dispose());
  const { figure: _figure, ...scores } = { figure: undefined, ...result };
  if (args.json) {
    output.print(
      JSON.stringify({ run: run?.path ?? args.run, checkpoint: checkpoint ?? null, split, ...scores }, null, 2),
    );
    return;
  }
  output.print(scoresTable([{ label: split, evaluation: result }]));
  output.print();
  output.print(
    `${scores.examples.toLocaleString('en')} images of '${recipe.data.type}' (${split}), ${scores.seconds.toFixed(1)} s`,
  );
}
