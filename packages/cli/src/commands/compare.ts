import type { CompareOptions } from '../actions/compare';
import type { CommandContext } from '../command-context';
import { jsonOption } from '../command-line/shared-options';
import { TaggerCommand } from '../command-line/tagger-command';

/** `tagger compare RUN RUN...` */
export function compareCommand(context: CommandContext): TaggerCommand {
  return new TaggerCommand('compare', context)
    .description('Compare the cost and AMI of several runs by iteration: median and quartiles over seeds')
    .argument('<runs...>', 'Folders of runs, or of a sweep')
    .option(
      '--out <path>',
      'Also draw curves over the steps, and write the table as Markdown and CSV; path without an ending',
    )
    .addOption(jsonOption())
    .example('tagger compare runs/a runs/b', 'a table; runs that differ only in the seed share a row')
    .example('tagger compare sweeps/mine --out curves', 'writes curves-ami.svg, curves.md, curves.csv, ...')
    .action(async (runs: string[], options: CompareOptions) => {
      const { printComparison } = await import('../actions/compare');
      await printComparison(context.output, runs, options);
    });
}
