import { openRun } from '@taggerjs/experiment/node';

import { writeCompareCurves } from '../compare/compare-curves';
import { compareRuns } from '../compare/compare-runs';
import { compareTable } from '../compare/compare-table';
import { CliError } from '../errors';
import { requireWritable } from '../require-writable';
import { shown } from '../shown-path';
import { isSweep, runsOfSweep } from '../sweep/sweep-folder';
import type { Output } from '../terminal/output';

/** Arguments and options of `tagger compare`. */
export interface CompareOptions {
  readonly out?: string;
  readonly json: boolean;
}

/**
 * Compares runs and prints the table.
 *
 * @param given folders of runs or sweeps
 * @throws CliError `RUN_FOLDER` if one is not a run, or none was evaluated
 */
export async function printComparison(
  output: Output,
  given: readonly string[],
  { json, out }: CompareOptions,
): Promise<void> {
  if (out !== undefined) await requireWritable(`${out}-ami.svg`);
  const folders: string[] = [];
  for (const folder of given) folders.push(...((await isSweep(folder)) ? await runsOfSweep(folder) : [folder]));
  const opened = [];
  for (const path of new Set(folders)) {
    const run = await openRun(path);
    opened.push({ path, recipe: run.config.recipe, metrics: await run.metrics() });
  }
  const { groups, unmeasured } = compareRuns(opened);
  if (groups.length === 0) {
    throw new CliError('RUN_FOLDER', 'None of the runs has been evaluated yet.');
  }
  const written = out === undefined ? [] : await writeCompareCurves(out, groups);
  if (json) {
    output.print(JSON.stringify({ groups, unmeasured, curves: written }, null, 2));
    return;
  }
  output.print(compareTable(groups));
  for (const path of unmeasured) output.note(`'${path}' is left out: it has not been evaluated yet.`);
  if (written.length > 0) output.print();
  for (const path of written) output.print(shown(path));
}
