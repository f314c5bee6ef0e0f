import { openRun } from '@taggerjs/experiment/node';

import type { CommandContext } from '../command-context';
import { createEventWriter } from '../tracking/event-writer';
import { metricRows, metricsCsv } from '../tracking/metric-rows';

/** Arguments and options of `tagger metrics`. */
export interface MetricsArguments {
  run: string;
  tensorboard?: string;
  json: boolean;
}

/** Runs `tagger metrics`. */
export async function runMetrics(
  { run: given, tensorboard, json }: MetricsArguments,
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
