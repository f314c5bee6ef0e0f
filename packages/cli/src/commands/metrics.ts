import { openRunFolder } from '@taggerjs/experiment/node';

import type { CommandModule } from 'yargs';

import type { CommandContext } from '../main';
import { createEventWriter } from '../tracking/event-writer';
import { metricRows, metricsCsv } from '../tracking/metric-rows';

interface MetricsArguments {
  run: string;
  tensorboard?: string;
  json: boolean;
}

/** `tagger metrics RUN` */
export function metricsCommand({ output }: CommandContext): CommandModule<object, MetricsArguments> {
  return {
    command: 'metrics <run>',
    describe: 'Print the metrics of a run as CSV, or write them for TensorBoard',
    builder: (yargs) =>
      yargs
        .positional('run', { type: 'string', demandOption: true, describe: 'Folder of a run' })
        .options({
          tensorboard: {
            type: 'string',
            describe: 'Write scalars and pictures of groups as an event file into this folder',
          },
          json: { type: 'boolean', default: false, describe: 'Print JSON' },
        })
        .example('$0 metrics runs/mine > mine.csv', 'a row for each step and each evaluation')
        .example('$0 metrics runs/mine --tensorboard logs/mine', 'then: tensorboard --logdir logs') as never,
    async handler({ run: given, tensorboard, json }) {
      const run = await openRunFolder(given);
      if (tensorboard === undefined) {
        const rows = metricRows(await run.metrics());
        output.print(json ? JSON.stringify(rows, null, 2) : metricsCsv(rows));
        return;
      }
      const { file, events } = await createEventWriter(run, tensorboard);
      output.print(json ? JSON.stringify({ file, events }, null, 2) : file);
    },
  };
}
