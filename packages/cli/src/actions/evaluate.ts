import type { Split } from '@taggerjs/datasets';
import type { WhichCheckpoint } from '@taggerjs/experiment/node';

import type { CommandContext } from '../command-context';
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
  groups?: number;
  checkpoint?: WhichCheckpoint;
  statistics?: 'batch' | 'calibrated';
  seed?: number;
  backend: BackendName;
  threads?: number;
  json: boolean;
}

/** Runs `tagger evaluate`. */
export async function runEvaluate(args: EvaluateArguments, { output }: CommandContext): Promise<void> {
  const { split, checkpoint, examples, iterations, groups, statistics, seed } = args;
  const trained = await openTrainedModel(args.run);
  const { recipe, run } = trained;
  refuseIfClassifier(args.run, recipe, { iterations, groups, seed });
  await setUpBackend(args);
  const model = await trained.loadModel({ checkpoint });
  const how = measuring(recipe, { examples, iterations, groups, statistics, seed });
  const result = await model.evaluate(await trained.dataset(split), how);
  model.dispose();
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
