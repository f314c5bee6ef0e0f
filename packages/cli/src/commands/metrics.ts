import type { MetricsArguments } from '../actions/metrics';
import type { CommandContext } from '../command-context';
import { jsonOption, tensorboardOption } from '../command-line/shared-options';
import { TaggerCommand } from '../command-line/tagger-command';

/** `tagger metrics RUN` */
export function metricsCommand(context: CommandContext): TaggerCommand {
  return new TaggerCommand('metrics', context)
    .description('Print the metrics of a run as CSV, or write them for TensorBoard')
    .argument('<run>', 'Folder of a run')
    .addOption(tensorboardOption('Write scalars and pictures of groups to an event file in this folder'))
    .addOption(jsonOption('Print JSON'))
    .example('tagger metrics runs/mine > mine.csv', 'a row for each step and each evaluation')
    .example('tagger metrics runs/mine --tensorboard logs/mine', 'then: tensorboard --logdir logs')
    .action(async (run: string, options: Omit<MetricsArguments, 'run'>) => {
      const { runMetrics } = await import('../actions/metrics');
      await runMetrics({ run, ...options }, context);
    });
}
