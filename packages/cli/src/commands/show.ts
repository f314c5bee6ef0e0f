import { Option } from 'commander';

import type { ShowArguments } from '../actions/show';
import type { CommandContext } from '../command-context';
import { wholeNumber } from '../command-line/numbers';
import {
  backendOption,
  checkpointOption,
  examplesOption,
  groupsOption,
  iterationsOption,
  jsonOption,
  seedOption,
  splitOption,
  threadsOption,
  viewOption,
} from '../command-line/shared-options';
import { TaggerCommand } from '../command-line/tagger-command';

/** `tagger show RUN|pretrained:NAME` */
export function showCommand(context: CommandContext): TaggerCommand {
  return new TaggerCommand('show', context)
    .description('Draw examples and their groups at each iteration as SVG and PNG, or write a report of the run')
    .argument('<run>', 'Folder of a run, or a pretrained model such as pretrained:shapes')
    .addOption(splitOption())
    .addOption(examplesOption('Number of examples (default: 8)'))
    .addOption(iterationsOption())
    .addOption(groupsOption())
    .addOption(seedOption('Seed of the corruption and the initial assignments (default: 0)'))
    .option(
      '--select <which>',
      'Examples to draw: first, random (by --seed), or their numbers, such as 3,17,42 (default: first)',
    )
    .addOption(viewOption())
    .option('--report', 'Write a report: one HTML file with scores, curves, groups, best and worst examples')
    .addOption(
      new Option(
        '--of <n>',
        "Number of examples that a report measures (default: as in the recipe's evaluation)",
      ).argParser(wholeNumber()),
    )
    .option('--figures <folder>', 'Also write every figure of a report into this folder, as SVG and PNG')
    .option(
      '--out <path>',
      'Where to write, with or without ending (default: pictures/show in the run, show for a pretrained model; report for a report)',
    )
    .addOption(checkpointOption())
    .addOption(backendOption())
    .addOption(threadsOption())
    .addOption(jsonOption('Print JSON: the files, and the AMI and classes of each example'))
    .example('tagger show runs/mine --examples 12', 'a figure of twelve test images')
    .example('tagger show runs/mine --report', 'writes runs/mine/report.html')
    .example('tagger show runs/mine --report --figures figures', 'and every figure of it as SVG and PNG')
    .example('tagger show pretrained:shapes --view winner', 'a pretrained model; the winning group of each pixel')
    .example('tagger show runs/mine --out groups', 'writes groups.svg and groups.png here')
    .action(async (run: string, options: Omit<ShowArguments, 'run'>) => {
      const { runShow } = await import('../actions/show');
      await runShow({ run, ...options }, context);
    });
}
