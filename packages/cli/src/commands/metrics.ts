import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { CommandModule } from 'yargs';

import { writeWhole } from '../atomic-file';
import { CliError } from '../errors';
import type { CommandContext } from '../main';
import { openRunFolder, type RunFolder } from '../run/run-folder';
import { encodeEventFile, type TrackedEvent } from '../tracking/event-file';
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
      const rows = metricRows(await run.metrics());
      if (tensorboard === undefined) {
        output.print(json ? JSON.stringify(rows, null, 2) : metricsCsv(rows));
        return;
      }
      const started = Date.parse(run.config.started) / 1000 || 0;
      const scalars = rows.map(({ step, seconds, values }) => ({ wallTime: started + seconds, step, scalars: values }));
      const file = join(tensorboard, `events.out.tfevents.${String(Math.floor(started)).padStart(10, '0')}.taggerjs`);
      await mkdir(tensorboard, { recursive: true }).catch((cause: Error) => {
        throw new CliError('FILE', `The folder '${tensorboard}' cannot be made: ${cause.message}`, { cause });
      });
      // Under one name for one run: writing again replaces it, so that nothing is shown twice.
      await writeWhole(file, encodeEventFile([...scalars, ...(await groupImages(run, scalars))]));
      output.print(json ? JSON.stringify({ file, events: rows.length }, null, 2) : file);
    },
  };
}

/** The pictures of groups that training wrote, at the steps of their names. */
async function groupImages(run: RunFolder, scalars: readonly TrackedEvent[]): Promise<TrackedEvent[]> {
  const last = scalars.at(-1);
  const names = await readdir(run.picture('.')).catch(() => []);
  const events: TrackedEvent[] = [];
  for (const name of names) {
    const match = /^groups(?:-step-(\d+))?\.png$/.exec(name);
    if (match === null) continue;
    const step = match[1] === undefined ? (last?.step ?? 0) : Number(match[1]);
    const png = new Uint8Array(await readFile(run.picture(name)));
    const header = new DataView(png.buffer);
    const image = { width: header.getUint32(16), height: header.getUint32(20), png };
    const wallTime = scalars.find((event) => event.step >= step)?.wallTime ?? last?.wallTime ?? 0;
    events.push({ wallTime, step, images: { groups: image } });
  }
  return events.sort((a, b) => a.step - b.step);
}
