import type { Split } from '@taggerjs/datasets';
import { openRun, type WhichCheckpoint } from '@taggerjs/experiment/node';

import type { CommandContext } from '../command-context';
import {
  backendOption,
  checkpointOption,
  examplesOption,
  groupsOption,
  iterationsOption,
  jsonOption,
  seedOption,
  splitOption,
  statisticsOption,
  threadsOption,
} from '../command-line/shared-options';
import { TaggerCommand } from '../command-line/tagger-command';
import { type BackendName, setUpBackend } from '../run/backend';
import { refuseIfClassifier } from '../run/classifier-options';
import { measuring } from '../run/measuring';
import { scoresTable } from '../scores/scores-table';

interface EvaluateArguments {
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

/** `tagger evaluate RUN` */
export function evaluateCommand(context: CommandContext): TaggerCommand {
  return new TaggerCommand('evaluate', context)
    .description('Measure the denoising cost, AMI and classification error of a run')
    .argument('<run>', 'Folder of a run')
    .addOption(splitOption())
    .addOption(examplesOption('Number of images (default: all)'))
    .addOption(iterationsOption())
    .addOption(groupsOption())
    .addOption(statisticsOption())
    .addOption(seedOption('Seed of the corruption and the initial assignments (default: 0)'))
    .addOption(checkpointOption())
    .addOption(backendOption())
    .addOption(threadsOption())
    .addOption(jsonOption())
    .example('tagger evaluate runs/mine', 'all test images')
    .example('tagger evaluate runs/mine --groups 6', 'with more groups than in training')
    .example('tagger evaluate runs/mine --checkpoint best', 'the best model of the run')
    .action((run: string, options: Omit<EvaluateArguments, 'run'>) => runEvaluate({ run, ...options }, context));
}

async function runEvaluate(args: EvaluateArguments, { output }: CommandContext): Promise<void> {
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
