import { isRun, openRun } from '@taggerjs/experiment/node';

import { writeCompareCurves } from '../compare/compare-curves';
import { compareRuns } from '../compare/compare-runs';
import { compareTable } from '../compare/compare-table';
import { writeCompareTables } from '../compare/table-files';
import { CliError } from '../errors';
import { requireWritable } from '../require-writable';
import { shown } from '../shown-path';
import { damaged, isSweep, runsOfSweep } from '../sweep/sweep-folder';
import type { Output } from '../terminal/output';

/** Arguments and options of `tagger compare`. */
export interface CompareOptions {
  readonly out?: string;
  readonly json: boolean;
}

/**
 * Compares runs and prints the table. Leaves out runs whose folders are damaged, and reports them.
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
  let notStarted = 0;
  for (const folder of given) {
    const sweep = (await isSweep(folder)) ? await runsOfSweep(folder) : { started: [folder], notStarted: 0 };
    folders.push(...sweep.started);
    notStarted += sweep.notStarted;
  }
  const opened = [];
  const broken: string[] = [];
  for (const path of new Set(folders)) {
    try {
      const run = await openRun(path);
      const { recipe } = run.config;
      opened.push({ path, recipe, finished: await run.finished(), metrics: await run.metrics() });
    } catch (error) {
      // Not a run at all: a mistake in the command line.
      if (!(await isRun(path))) throw error;
      broken.push(path);
      output.error(`'${path}' is left out. It is ${damaged(error)}`);
    }
  }
  const { groups, unmeasured, unfinished } = compareRuns(opened);
  if (groups.length === 0) {
    throw new CliError('RUN_FOLDER', 'None of the runs has been evaluated yet.');
  }
  const curves = out === undefined ? [] : await writeCompareCurves(out, groups);
  const tables = out === undefined ? [] : await writeCompareTables(out, groups);
  if (json) {
    output.print(
      JSON.stringify({ groups, unmeasured, unfinished, damaged: broken, notStarted, curves, tables }, null, 2),
    );
    return;
  }
  output.print(compareTable(groups));
  for (const path of unmeasured) output.note(`'${path}' is left out: it has not been evaluated yet.`);
  for (const path of unfinished) output.note(`'${path}' is left out: it is not finished, and others of its row are.`);
  if (notStarted > 0) output.note(`${notStarted} planned ${notStarted === 1 ? 'run has' : 'runs have'} not started.`);
  if (curves.length + tables.length > 0) output.print();
  for (const path of [...curves, ...tables]) output.print(shown(path));
}
