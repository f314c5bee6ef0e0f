import type { EvaluateArguments } from '../actions/evaluate';
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

/** `tagger evaluate RUN|pretrained:NAME` */
export function evaluateCommand(context: CommandContext): TaggerCommand {
  return new TaggerCommand('evaluate', context)
    .description('Measure the denoising cost, AMI and classification error of a run')
    .argument('<run>', 'Folder of a run, or a pretrained model such as pretrained:shapes')
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
    .example('tagger evaluate pretrained:shapes --examples 1000', 'a pretrained model')
    .action(async (run: string, options: Omit<EvaluateArguments, 'run'>) => {
      const { runEvaluate } = await import('../actions/evaluate');
      await runEvaluate({ run, ...options }, context);
    });
}
