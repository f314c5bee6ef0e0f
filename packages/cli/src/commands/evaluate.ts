import type { Split } from '@taggerjs/datasets';
import { evaluate } from '@taggerjs/train';
import type { CommandModule } from 'yargs';

import { CliError } from '../errors';
import type { CommandContext } from '../main';
import { backendOptions, setUpBackend, type BACKENDS } from '../run/backend';
import { loadRun } from '../run/load-run';
import { exists, openRunFolder, type RunFolder } from '../run/run-folder';
import { evaluateRunClassifier, isClassifier, loadClassifierFile, type RunEvaluation } from '../run/run-model';
import { datasetOf } from '../run/data';
import { scoresTable } from '../scores-table';

interface EvaluateArguments {
  run: string;
  split: Split;
  examples?: number;
  iterations?: number;
  groups?: number;
  statistics?: 'batch' | 'calibrated';
  seed: number;
  backend: (typeof BACKENDS)[number];
  threads?: number;
  json: boolean;
}

/** `tagger evaluate RUN` */
export function evaluateCommand({ output }: CommandContext): CommandModule<object, EvaluateArguments> {
  return {
    command: 'evaluate <run>',
    describe: 'Measure denoising cost, AMI and classification error of a run',
    builder: (yargs) =>
      yargs
        .positional('run', { type: 'string', demandOption: true, describe: 'Folder of a run' })
        .options({
          split: {
            choices: ['train', 'validation', 'test'] as const,
            default: 'test',
            describe: 'Which part of the data',
          },
          examples: { type: 'number', describe: 'Number of images [default: all]' },
          iterations: { type: 'number', describe: "Iterations T [default: the recipe's evaluation]" },
          groups: { type: 'number', describe: "Groups K [default: the recipe's evaluation]" },
          statistics: {
            choices: ['batch', 'calibrated'] as const,
            describe: 'Statistics of batch normalization [default: calibrated]',
          },
          seed: { type: 'number', default: 0, describe: 'Seed of corruption and initial assignments' },
          ...backendOptions,
          json: { type: 'boolean', default: false, describe: 'Print JSON' },
        })
        .example('$0 evaluate runs/mine', 'all test images')
        .example('$0 evaluate runs/mine --groups 6', 'with more groups than in training') as never,
    async handler(args) {
      await setUpBackend(args);
      const { run, result } = await measure(args);
      const { recipe } = run.config;
      const { figure: _figure, ...scores } = result;
      if (args.json) {
        output.print(JSON.stringify({ run: run.path, split: args.split, ...scores }, null, 2));
        return;
      }
      output.print(scoresTable([{ label: args.split, evaluation: result }]));
      output.print();
      output.print(
        `${scores.examples.toLocaleString('en')} images of '${recipe.data.type}' (${args.split}), ${scores.seconds.toFixed(1)} s`,
      );
    },
  };
}

async function measure(args: EvaluateArguments): Promise<{ run: RunFolder; result: RunEvaluation }> {
  const how = {
    ...(args.examples !== undefined && { examples: args.examples }),
    ...(args.statistics !== undefined && { statistics: args.statistics }),
  };
  const opened = await openRunFolder(args.run);
  if (isClassifier(opened.config.recipe)) {
    const { recipe, baseFolder } = opened.config;
    if (!(await exists(opened.model))) {
      throw new CliError('RUN_FOLDER', `'${args.run}' has no model yet: its training did not end.`);
    }
    const classifier = await loadClassifierFile(opened.model);
    const { batchSize } = recipe.evaluation;
    const data = await datasetOf(recipe, args.split, baseFolder);
    const result = await evaluateRunClassifier(classifier, data, { batchSize, ...how });
    classifier.dispose();
    return { run: opened, result };
  }
  const { run, tagger } = await loadRun(args.run);
  const { recipe, baseFolder } = run.config;
  const groups = args.groups ?? recipe.evaluation.groups;
  const result = await evaluate(tagger, await datasetOf(recipe, args.split, baseFolder), {
    iterations: args.iterations ?? recipe.evaluation.iterations,
    batchSize: recipe.evaluation.batchSize,
    seed: args.seed,
    ...(groups !== undefined && { groups }),
    ...how,
  });
  tagger.dispose();
  return { run, result };
}
