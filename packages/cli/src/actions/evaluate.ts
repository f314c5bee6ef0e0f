import type { Split } from '@taggerjs/datasets';
import { openRun, type WhichCheckpoint } from '@taggerjs/experiment/node';

import type { CommandContext } from '../command-context';
import { type BackendName, setUpBackend } from '../run/backend';
import { refuseIfClassifier } from '../run/classifier-options';
import { measuring } from '../run/measuring';
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
  const run = await openRun(args.run);
  refuseIfClassifier(args.run, run, { iterations, groups, seed });
  await setUpBackend(args);
  const model = await run.loadModel({ checkpoint });
  const how = measuring(run, { examples, iterations, groups, statistics, seed });
  const result = await model.evaluate(await run.dataset(split), how);
  model.dispose();
  const { recipe } = run.config;
  const { figure: _figure, ...scores } = { figure: undefined, ...result };
  if (args.json) {
    output.print(JSON.stringify({ run: run.path, checkpoint: checkpoint ?? null, split, ...scores }, null, 2));
    return;
  }
  output.print(scoresTable([{ label: split, evaluation: result }]));
  output.print();
  output.print(
    `${scores.examples.toLocaleString('en')} images of '${recipe.data.type}' (${split}), ${scores.seconds.toFixed(1)} s`,
  );
}
