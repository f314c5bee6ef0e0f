import { availableParallelism } from 'node:os';
import { join, relative, resolve } from 'node:path';

import type { CommandModule } from 'yargs';

import { writeWhole } from '../atomic-file';
import { CliError, EXIT_CODES } from '../errors';
import type { CommandContext } from '../main';
import { makeFolder } from '../make-folder';
import { BACKENDS } from '../run/backend';
import { exists, openRunFolder } from '../run/run-folder';
import { lockRun } from '../run/run-lock';
import { parseSeeds, planRuns } from '../sweep/plan';
import { startRun, type RunProcess } from '../sweep/run-process';
import { isSweep, MANIFEST, readManifest, type PlannedRun, type SweepManifest } from '../sweep/sweep-folder';
import { tensorboardOption } from '../tracking/tensorboard-option';
import { VERSION } from '../version';
import { printComparison } from './compare';
import { readRecipe } from './train';

interface SweepArguments {
  recipe: string;
  seeds: string;
  out?: string;
  jobs: number;
  backend: (typeof BACKENDS)[number];
  threads?: number;
  tensorboard?: string;
  json: boolean;
}

/** `tagger sweep RECIPE|SWEEP` */
export function sweepCommand(context: CommandContext): CommandModule<object, SweepArguments> {
  return {
    command: 'sweep <recipe>',
    describe: 'Train a recipe with several seeds and settings, one after another or side by side',
    builder: (yargs) =>
      yargs
        .positional('recipe', {
          type: 'string',
          demandOption: true,
          describe: 'Name of a recipe, a JSON file, or the folder of a sweep to go on with',
        })
        .options({
          seeds: { type: 'string', default: '0..4', describe: 'Seeds, such as 0..19 or 0,3,7' },
          set: { type: 'string', array: true, describe: 'PATH=A,B: values of the recipe, each with each' },
          out: { type: 'string', describe: 'Folder of the sweep [default: sweeps/<recipe>]' },
          jobs: { type: 'number', default: 1, describe: 'Trainings at a time' },
          backend: { choices: BACKENDS, default: 'wasm', describe: 'What computes' },
          threads: { type: 'number', describe: 'Threads of each training [default: the cores there are / jobs]' },
          ...tensorboardOption,
          json: { type: 'boolean', default: false, describe: 'Print the comparison as JSON' },
        })
        .example('$0 sweep shapes-quick --seeds 0..19 --jobs 2', 'twenty seeds, two at a time')
        .example('$0 sweep shapes-quick --set training.batchSize=50,100', 'two settings, five seeds each')
        .example('$0 sweep sweeps/shapes-quick', 'goes on with a sweep that was stopped') as never,
    handler: (args) => runSweep(args, context),
  };
}

async function runSweep(args: SweepArguments, { output, overrides, setExitCode }: CommandContext): Promise<void> {
  if (!Number.isInteger(args.jobs) || args.jobs < 1) {
    throw new CliError('USAGE', `--jobs is a whole number of at least 1, not ${args.jobs}.`);
  }
  const { folder, manifest } = await openSweep(args, overrides);
  const lock = await lockRun(folder);
  const threads = args.threads ?? Math.max(1, Math.floor(availableParallelism() / args.jobs));
  const computing = ['--backend', args.backend, '--threads', String(threads)];

  const running = new Set<RunProcess>();
  let stopped: 'SIGINT' | 'SIGTERM' | undefined;
  const onSignal = (name: 'SIGINT' | 'SIGTERM') => {
    if (stopped === undefined) output.note('Interrupted: the trainings at hand are saved; once more ends at once.');
    stopped = name;
    for (const child of running) child.signal(name);
  };
  const [onInterrupt, onTerminate] = [() => onSignal('SIGINT'), () => onSignal('SIGTERM')];
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onTerminate);

  const failed: string[] = [];
  const waiting = [...manifest.runs.entries()];
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined && stopped === undefined; next = waiting.shift()) {
      const [index, planned] = next;
      const run = join(folder, planned.name);
      const begun = await exists(join(run, 'config.json'));
      const title = `${index + 1}/${manifest.runs.length} ${planned.name}`;
      if (begun && (await (await openRunFolder(run)).finished())) {
        output.note(`${title}: done before`);
        continue;
      }
      output.note(`${title}: ${begun ? 'goes on' : 'begins'}`);
      const command = begun ? ['resume', run] : trainWords(manifest, planned, run);
      const log = join(folder, `${planned.name}.log`);
      const tracking = args.tensorboard === undefined ? [] : ['--tensorboard', join(args.tensorboard, planned.name)];
      const child = await startRun([...command, ...computing, ...tracking, '--quiet'], log);
      running.add(child);
      // A signal may have come while it was started.
      if (stopped !== undefined) child.signal(stopped);
      const code = await child.exitCode;
      running.delete(child);
      if (code !== EXIT_CODES.ok && stopped === undefined) {
        failed.push(planned.name);
        output.error(`${title}: failed with exit code ${code}; see ${shown(log)}`);
      } else if (code === EXIT_CODES.ok) output.note(`${title}: done`);
    }
  };
  try {
    await Promise.all(Array.from({ length: args.jobs }, work));
  } finally {
    process.removeListener('SIGINT', onInterrupt);
    process.removeListener('SIGTERM', onTerminate);
    lock.release();
  }

  if (stopped !== undefined) {
    output.note(`To go on: tagger sweep ${shown(folder)}`);
    setExitCode(stopped === 'SIGINT' ? EXIT_CODES.interrupted : EXIT_CODES.terminated);
    return;
  }
  if (failed.length < manifest.runs.length) {
    await printComparison(output, [folder], { json: args.json, out: join(folder, 'compare') });
  }
  if (failed.length > 0) setExitCode(EXIT_CODES.failed);
}

/** A new sweep, or one that was begun. @throws CliError `RUN_FOLDER` where the folder holds another one */
async function openSweep(
  { recipe, seeds, out }: SweepArguments,
  overrides: Readonly<Record<string, string>>,
): Promise<{ folder: string; manifest: SweepManifest }> {
  if (await isSweep(recipe)) return { folder: resolve(recipe), manifest: await readManifest(recipe) };

  const runs = planRuns(parseSeeds(seeds), overrides);
  // Each is checked before the first one begins.
  let name = '';
  for (const { settings, seed } of runs) ({ name } = (await readRecipe({ recipe, seed }, settings)).recipe);
  const folder = resolve(out ?? join('sweeps', name));
  const isFile = /[./\\]/.test(recipe);
  const manifest: SweepManifest = { version: VERSION, recipe: isFile ? resolve(recipe) : recipe, runs };
  if (await isSweep(folder)) {
    const begun = await readManifest(folder);
    const same = begun.recipe === manifest.recipe && JSON.stringify(begun.runs) === JSON.stringify(runs);
    if (same) return { folder, manifest: begun };
    throw new CliError(
      'RUN_FOLDER',
      `'${shown(folder)}' holds a sweep of other runs. Give another folder with --out, or go on with that one: \`tagger sweep ` +
        `${shown(folder)}\`.`,
    );
  }
  await makeFolder(folder);
  await writeWhole(join(folder, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
  return { folder, manifest };
}

function trainWords({ recipe }: SweepManifest, { seed, settings }: PlannedRun, run: string): string[] {
  const values = Object.entries(settings).flatMap(([path, value]) => ['--set', `${path}=${value}`]);
  return ['train', recipe, '--seed', String(seed), ...values, '--out', run];
}

/** A path as one would type it. */
function shown(path: string): string {
  const from = relative(process.cwd(), path);
  return from.startsWith('..') ? path : from;
}
