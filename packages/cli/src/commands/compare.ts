import { relative } from 'node:path';

import { openRunFolder } from '@taggerjs/experiment/node';

import type { CommandModule } from 'yargs';

import { writeCompareCurves } from '../compare/compare-curves';
import { compareRuns } from '../compare/compare-runs';
import { compareTable } from '../compare/compare-table';
import { CliError } from '../errors';
import type { CommandContext } from '../main';
import type { Output } from '../terminal/output';
import { requireWritable } from '../require-writable';
import { isSweep, runsOfSweep } from '../sweep/sweep-folder';

interface CompareArguments {
  runs: string[];
  out?: string;
  json: boolean;
}

/** `tagger compare RUN RUN...` */
export function compareCommand({ output }: CommandContext): CommandModule<object, CompareArguments> {
  return {
    command: 'compare <runs..>',
    describe: 'Cost and AMI of several runs by iteration: median and spread over seeds',
    builder: (yargs) =>
      yargs
        .positional('runs', {
          type: 'string',
          array: true,
          demandOption: true,
          describe: 'Folders of runs, or of a sweep',
        })
        .options({
          out: { type: 'string', describe: 'Draw curves over the steps, too: where, without ending' },
          json: { type: 'boolean', default: false, describe: 'Print JSON' },
        })
        .example('$0 compare runs/a runs/b', 'a table; runs that differ in the seed only are one row')
        .example('$0 compare sweeps/mine --out curves', 'writes curves-ami.svg, curves-cost.png, ...') as never,
    async handler({ runs, out, json }) {
      await printComparison(output, runs, { json, ...(out !== undefined && { out }) });
    },
  };
}

/**
 * Compares runs and prints the table.
 *
 * @param given folders of runs or sweeps
 * @throws CliError `RUN_FOLDER` where one is no run, or none was evaluated
 */
export async function printComparison(
  output: Output,
  given: readonly string[],
  { json, out }: { readonly json: boolean; readonly out?: string },
): Promise<void> {
  if (out !== undefined) await requireWritable(`${out}-ami.svg`);
  const folders: string[] = [];
  for (const folder of given) folders.push(...((await isSweep(folder)) ? await runsOfSweep(folder) : [folder]));
  const opened = [];
  for (const path of new Set(folders)) {
    const run = await openRunFolder(path);
    opened.push({ path, recipe: run.config.recipe, metrics: await run.metrics() });
  }
  const { groups, unmeasured } = compareRuns(opened);
  if (groups.length === 0) {
    throw new CliError('RUN_FOLDER', 'None of the runs was evaluated: their trainings have not come that far.');
  }
  const written = out === undefined ? [] : await writeCompareCurves(out, groups);
  if (json) {
    output.print(JSON.stringify({ groups, unmeasured, curves: written }, null, 2));
    return;
  }
  output.print(compareTable(groups));
  for (const path of unmeasured) output.note(`'${path}' is left out: it was never evaluated.`);
  if (written.length > 0) output.print();
  for (const path of written) output.print(relative(process.cwd(), path));
}
