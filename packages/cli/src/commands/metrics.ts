import { openRun } from '@taggerjs/experiment/node';

import type { CommandContext } from '../command-context';
import { jsonOption, tensorboardOption } from '../command-line/shared-options';
import { TaggerCommand } from '../command-line/tagger-command';
import { createEventWriter } from '../tracking/event-writer';
import { metricRows, metricsCsv } from '../tracking/metric-rows';

interface MetricsOptions {
  tensorboard?: string;
  json: boolean;
}

/** `tagger metrics RUN` */
export function metricsCommand(context: CommandContext): TaggerCommand {
  return new TaggerCommand('metrics', context)
    .description('Print the metrics of a run as CSV, or write them for TensorBoard')
    .argument('<run>', 'Folder of a run')
    .addOption(tensorboardOption('Write scalars and pictures of groups to an event file in this folder'))
    .addOption(jsonOption('Print JSON'))
    .example('tagger metrics runs/mine > mine.csv', 'a row for each step and each evaluation')
    .example('tagger metrics runs/mine --tensorboard logs/mine', 'then: tensorboard --logdir logs')
    .action((run: string, options: MetricsOptions) => runMetrics(run, options, context));
}

async function runMetrics(
  given: string,
  { tensorboard, json }: MetricsOptions,
  { output }: CommandContext,
): Promise<void> {
  const run = await openRun(given);
  if (tensorboard === undefined) {
    const rows = metricRows(await run.metrics());
    output.print(json ? JSON.stringify(rows, null, 2) : metricsCsv(rows));
    return;
  }
  const { file, events } = await createEventWriter(run, tensorboard);
  output.print(json ? JSON.stringify({ file, events }, null, 2) : file);
}
