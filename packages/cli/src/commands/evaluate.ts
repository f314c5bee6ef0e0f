import { Option } from 'commander';

import type { EvaluateArguments } from '../actions/evaluate';
import type { CommandContext } from '../command-context';
import { wholeNumbers } from '../command-line/numbers';
import {
  backendOption,
  checkpointOption,
  examplesOption,
  iterationsOption,
  jsonOption,
  seedOption,
  splitOption,
  statisticsOption,
  threadsOption,
} from '../command-line/shared-options';
import { TaggerCommand } from '../command-line/tagger-command';

/** `tagger evaluate RUN|pretrained:NAME` */
export function evaluateCommand(context: CommandContext): TaggerCommand {
  return new TaggerCommand('evaluate', context)
    .description('Measure the denoising cost, the grouping and the classification error of a run')
    .argument('<run>', 'Folder of a run, or a pretrained model such as pretrained:shapes')
    .addOption(splitOption())
    .addOption(examplesOption('Number of images (default: all)'))
    .addOption(iterationsOption())
    .addOption(
      new Option(
        '--groups <n>',
        "Groups K, or a range such as 4..8 (default: as in the recipe's evaluation)",
      ).argParser(wholeNumbers(256)),
    )
    .addOption(
      new Option(
        '--objects <n>',
        'Objects in each image, or a range such as 2..6, of data that are generated (default: as in the recipe)',
      ).argParser(wholeNumbers(16)),
    )
    .option('--out <name>', 'With a range: also draw the measures to NAME-*.svg and NAME-*.png')
    .addOption(statisticsOption())
    .addOption(seedOption('Seed of the corruption and the initial assignments (default: 0)'))
    .addOption(checkpointOption())
    .addOption(backendOption())
    .addOption(threadsOption())
    .addOption(jsonOption())
    .example('tagger evaluate runs/mine', 'all test images')
    .example('tagger evaluate runs/mine --groups 6', 'with more groups than in training')
    .example(
      'tagger evaluate pretrained:shapes --groups 4..8 --objects 2..6',
      'more groups and objects than in training',
    )
    .example('tagger evaluate runs/mine --checkpoint best', 'the best model of the run')
    .example('tagger evaluate pretrained:shapes --examples 1000', 'a pretrained model')
    .action(async (run: string, options: Omit<EvaluateArguments, 'run'>) => {
      const { groups = [], objects = [] } = options;
      if (groups.length > 1 || objects.length > 1) {
        const { runEvaluateSettings } = await import('../actions/evaluate-settings');
        await runEvaluateSettings({ run, ...options }, context);
        return;
      }
      const { runEvaluate } = await import('../actions/evaluate');
      await runEvaluate({ run, ...options }, context);
    });
}
