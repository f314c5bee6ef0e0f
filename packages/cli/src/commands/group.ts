import { Option } from 'commander';

import type { GroupArguments } from '../actions/group';
import type { CommandContext } from '../command-context';
import { finiteNumber, wholeNumber } from '../command-line/numbers';
import {
  backendOption,
  checkpointOption,
  groupsOption,
  iterationsOption,
  jsonOption,
  seedOption,
  statisticsOption,
  threadsOption,
} from '../command-line/shared-options';
import { TaggerCommand } from '../command-line/tagger-command';

/** `tagger group RUN|MODEL IMAGE...` */
export function groupCommand(context: CommandContext): TaggerCommand {
  return new TaggerCommand('group', context)
    .description('Group your own images, or classify them with a classifier')
    .argument('<model>', 'Folder of a run, a model file, or a pretrained model such as pretrained:shapes')
    .argument('<images...>', 'PNG files, .npy arrays of one or more images, or - for standard input')
    .option('--out <folder>', 'Folder for the results (default: groups; classes for a classifier)')
    .addOption(
      iterationsOption("Iterations T (default: as in the recipe's evaluation; as in training for a model file)"),
    )
    .addOption(groupsOption("Groups K (default: as in the recipe's evaluation; as in training for a model file)"))
    .addOption(seedOption('Seed of the initial assignments (default: 0)'))
    .addOption(
      new Option(
        '--threshold <x>',
        'Set values of at least x to 1, others to 0 (default for binary models: 0.5)',
      ).argParser(finiteNumber),
    )
    .option('--invert', 'Use 1 - x: for dark figures on a light background')
    .addOption(
      new Option('--scale <n>', 'Pixels per element in the picture of the segments (default: 8)').argParser(
        wholeNumber(100),
      ),
    )
    .addOption(statisticsOption())
    .option('--trust-modules', 'Run the modules that a model file names; only for files you trust')
    .addOption(checkpointOption())
    .addOption(backendOption())
    .addOption(threadsOption())
    .addOption(jsonOption())
    .example('tagger group runs/mine a.png b.png', 'writes groups/a-segments.png, a-labels.png, a.json, ...')
    .example('tagger group model.safetensors images.npy --groups 6', 'a model file, with more groups')
    .example('tagger group pretrained:shapes a.png', 'a pretrained model')
    .example('tagger group runs/digits a.png', 'the classes that a classifier finds')
    .example('cat a.png | tagger group runs/mine - --json', 'from and to other programs')
    .action(async (model: string, images: string[], options: Omit<GroupArguments, 'model' | 'images'>) => {
      const { runGroup } = await import('../actions/group');
      await runGroup({ model, images, ...options }, context);
    });
}
