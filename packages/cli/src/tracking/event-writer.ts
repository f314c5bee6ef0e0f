import { appendFile, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { makeFolder, writeFileAtomic } from '@taggerjs/weights/node';
import { type Run } from '@taggerjs/experiment/node';

import { CliError } from '../errors';
import { encodeEvents, encodeFileVersion, type TrackedEvent } from './event-file';
import { metricRows } from './metric-rows';

/** A TensorBoard event file that grows with a run. */
export interface EventWriter {
  /** Path of the file. */
  readonly file: string;
  /** Number of events when the file was created. */
  readonly events: number;
  /** Adds a record of the run's metrics. */
  record(metrics: Readonly<Record<string, unknown>>): Promise<void>;
  /** Adds a picture of groups, a PNG file. */
  picture(path: string, when: { readonly step: number; readonly seconds: number }): Promise<void>;
}

/**
 * Writes the metrics and pictures of a run to an event file, and appends later records to it. The file name depends only on the
 * run, so writing again replaces the file and TensorBoard shows no duplicates.
 *
 * @param folder folder of the file; created if it does not exist
 * @throws CliError `FILE` if it cannot be written
 */
export async function createEventWriter(run: Run, folder: string): Promise<EventWriter> {
  const started = Date.parse(run.config.started) / 1000 || 0;
  const file = join(folder, `events.out.tfevents.${String(Math.floor(started)).padStart(10, '0')}.taggerjs`);
  await makeFolder(folder);

  const scalars = eventsOf(started, await run.metrics());
  const pictures = await picturesOf(run, scalars);
  const begun = [...scalars, ...pictures].sort((a, b) => a.step - b.step);
  await writeFileAtomic(file, Buffer.concat([encodeFileVersion(started), encodeEvents(begun)]));

  const add = async (events: readonly TrackedEvent[]) => {
    if (events.length === 0) return;
    // A single call, so that readers see complete records.
    await appendFile(file, encodeEvents(events)).catch((cause: Error) => {
      throw new CliError('FILE', `'${file}' cannot be written: ${cause.message}`, { cause });
    });
  };
  return {
    file,
    events: scalars.length,
    record: (metrics) => add(eventsOf(started, [metrics])),
    picture: async (path, { step, seconds }) => add([await pictureEvent(path, { step, wallTime: started + seconds })]),
  };
}

function eventsOf(started: number, records: readonly Readonly<Record<string, unknown>>[]): TrackedEvent[] {
  return metricRows(records).map(({ step, seconds, values }) => ({
    wallTime: started + seconds,
    step,
    scalars: values,
  }));
}

/** The pictures that training wrote, by the step in their file names. */
async function picturesOf(run: Run, scalars: readonly TrackedEvent[]): Promise<TrackedEvent[]> {
  const last = scalars.at(-1);
  const events: TrackedEvent[] = [];
  for (const name of await readdir(run.picture('.')).catch(() => [])) {
    const match = /^groups(?:-step-(\d+))?\.png$/.exec(name);
    if (match === null) continue;
    const step = match[1] === undefined ? (last?.step ?? 0) : Number(match[1]);
    // Training will redraw pictures that are later than the kept metrics.
    if (step > (last?.step ?? 0)) continue;
    const wallTime = scalars.filter((event) => event.step <= step).at(-1)?.wallTime ?? 0;
    events.push(await pictureEvent(run.picture(name), { step, wallTime }));
  }
  return events;
}

async function pictureEvent(path: string, when: Pick<TrackedEvent, 'step' | 'wallTime'>): Promise<TrackedEvent> {
  const png = Uint8Array.from(await readFile(path));
  // A PNG file starts with its width and height.
  const header = new DataView(png.buffer);
  return { ...when, images: { groups: { width: header.getUint32(16), height: header.getUint32(20), png } } };
}
