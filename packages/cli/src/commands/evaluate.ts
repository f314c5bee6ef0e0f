import type { Split } from '@taggerjs/datasets';
import { isClassifier, measureRun, openRunFolder } from '@taggerjs/experiment/node';
import type { CommandModule } from 'yargs';

import type { CommandContext } from '../main';
import { backendOptions, setUpBackend, type BackendName } from '../run/backend';
import { checkpointOption, parseCheckpoint } from '../run/checkpoint-option';
import { refuseForClassifier } from '../run/classifier-options';
import { scoresTable } from '../scores/scores-table';

interface EvaluateArguments {
  run: string;
  split: Split;
  examples?: number;
  iterations?: number;
  groups?: number;
  checkpoint?: string;
  statistics?: 'batch' | 'calibrated';
  seed?: number;
  backend: BackendName;
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
          seed: { type: 'number', describe: 'Seed of corruption and initial assignments [default: 0]' },
          ...checkpointOption,
          ...backendOptions,
          json: { type: 'boolean', default: false, describe: 'Print JSON' },
        })
        .example('$0 evaluate runs/mine', 'all test images')
        .example('$0 evaluate runs/mine --groups 6', 'with more groups than in training')
        .example('$0 evaluate runs/mine --checkpoint best', 'the best model of the run') as never,
    async handler(args) {
      const checkpoint = parseCheckpoint(args.checkpoint);
      const { iterations, groups, seed } = args;
      const { config } = await openRunFolder(args.run);
      if (isClassifier(config.recipe)) refuseForClassifier(args.run, { iterations, groups, seed });
      await setUpBackend(args);
      const { run, evaluation: result } = await measureRun(args.run, {
        split: args.split,
        checkpoint,
        seed: seed ?? 0,
        ...(args.examples !== undefined && { examples: args.examples }),
        ...(iterations !== undefined && { iterations }),
        ...(groups !== undefined && { groups }),
        ...(args.statistics !== undefined && { statistics: args.statistics }),
      });
      const { recipe } = run.config;
      const { figure: _figure, ...scores } = result;
      if (args.json) {
        output.print(
          JSON.stringify({ run: run.path, checkpoint: checkpoint ?? null, split: args.split, ...scores }, null, 2),
        );
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
