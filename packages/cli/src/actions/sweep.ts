import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';

import { isRun, lockFolder, modelChecksum, openRun } from '@taggerjs/experiment/node';
import { makeFolder, writeFileAtomic } from '@taggerjs/weights/node';

import type { CommandContext } from '../command-context';
import { commandLine } from '../command-line/command-line';
import type { RecipeValues } from '../command-line/recipe-values';
import { CliError, EXIT_CODES } from '../errors';
import { type BackendName, checkBackend, hasThreads, type Precision, setUpBackend } from '../run/backend';
import { requireTagger } from '../run/classifier-options';
import { modelPath } from '../run/trained-model';
import { readRecipe } from '../run/read-recipe';
import { shown } from '../shown-path';
import { parseSeeds, planRuns } from '../sweep/plan';
import { type RunProcess, startRun } from '../sweep/run-process';
import {
  isSweep,
  MANIFEST,
  type PlannedRun,
  readManifest,
  type SweepManifest,
  type SweepSource,
} from '../sweep/sweep-folder';
import { VERSION } from '../version';
import { printComparison } from './compare';

/** Arguments and options of `tagger sweep`. */
export interface SweepArguments {
  recipe: string;
  seeds?: string;
  data?: string;
  from?: string;
  steps?: number;
  minutes?: number;
  set: RecipeValues;
  out?: string;
  jobs: number;
  backend?: BackendName;
  threads?: number;
  precision?: Precision;
  tensorboard?: string;
  json: boolean;
}

/** Runs `tagger sweep`. */
export async function runSweep(args: SweepArguments, { output, setExitCode }: CommandContext): Promise<void> {
  checkBackend({ ...args, backend: args.backend ?? 'wasm' });
  const { folder, manifest } = await openSweep(args, args.set);
  const { backend = 'wasm', precision } = manifest;
  checkBackend({ ...args, backend, precision });
  const lock = await lockFolder(folder);
  const threads = args.threads ?? Math.max(1, Math.floor(availableParallelism() / args.jobs));
  const sharing = hasThreads(backend) ? ['--threads', String(threads)] : [];

  const running = new Set<RunProcess>();
  let stopped: 'SIGINT' | 'SIGTERM' | undefined;
  const onSignal = (name: 'SIGINT' | 'SIGTERM') => {
    if (stopped === undefined) output.note('Interrupted: saving the current runs. Interrupt again to end at once.');
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
      const begun = await isRun(run);
      const title = `${index + 1}/${manifest.runs.length} ${planned.name}`;
      if (begun && (await (await openRun(run)).finished())) {
        output.note(`${title}: done before`);
        continue;
      }
      output.note(`${title}: ${begun ? 'continues' : 'starts'}`);
      // TensorFlow's results depend on the number of threads, so a resumed run keeps its number.
      const keeps = begun && backend === 'tensorflow' && args.threads === undefined;
      // A resumed run keeps its precision.
      const rounding = begun || precision === undefined ? [] : ['--precision', precision];
      const computing = ['--backend', backend, ...(keeps ? [] : sharing), ...rounding];
      const command = begun ? ['resume', run] : trainWords(manifest, planned, run);
      const log = join(folder, `${planned.name}.log`);
      const tracking = args.tensorboard === undefined ? [] : ['--tensorboard', join(args.tensorboard, planned.name)];
      const child = await startRun([...command, ...computing, ...tracking, '--quiet'], log);
      running.add(child);
      // A signal may have arrived while the process started.
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
    output.note(`To continue: ${commandLine(`sweep ${shown(folder)}`)}`);
    setExitCode(stopped === 'SIGINT' ? EXIT_CODES.interrupted : EXIT_CODES.terminated);
    return;
  }
  if (failed.length < manifest.runs.length) {
    await printComparison(output, [folder], { json: args.json, out: join(folder, 'compare') });
  }
  if (failed.length > 0) setExitCode(EXIT_CODES.failed);
}

/**
 * Creates a sweep, or opens an existing one to continue.
 *
 * @throws CliError `RUN_FOLDER` if the folder contains a different sweep, or the model that its runs start from has
 *   changed; `USAGE` if the recipe or a value is invalid
 */
async function openSweep(
  args: SweepArguments,
  overrides: RecipeValues,
): Promise<{ folder: string; manifest: SweepManifest }> {
  if (await isSweep(args.recipe)) return goOn(args, overrides);

  const { recipe, seeds, out, from } = args;
  const runs = planRuns(parseSeeds(seeds ?? '0..4'), withShortOptions(args, overrides));
  // Check all runs before the first one starts.
  let name = '';
  for (const { settings, seed } of runs) {
    const { recipe: planned } = await readRecipe({ recipe, seed }, settings);
    if (from !== undefined) requireTagger(planned);
    ({ name } = planned);
  }
  const source = from === undefined ? undefined : await sourceOf(modelPath(from));
  const folder = resolve(out ?? join('sweeps', name));
  const isFile = /[./\\]/.test(recipe);
  const manifest: SweepManifest = {
    version: VERSION,
    recipe: isFile ? resolve(recipe) : recipe,
    ...(source && { from: source }),
    backend: args.backend ?? 'wasm',
    ...(args.precision !== undefined && { precision: args.precision }),
    runs,
  };
  if (await isSweep(folder)) {
    const begun = await readManifest(folder);
    const planOf = ({ recipe, from, backend = 'wasm', precision = 'float32', runs }: SweepManifest) =>
      JSON.stringify([recipe, from, backend, precision, runs]);
    if (planOf(begun) === planOf(manifest)) return { folder, manifest: begun };
    throw new CliError(
      'RUN_FOLDER',
      `'${shown(folder)}' contains a sweep with other runs. Choose another folder with --out, or continue that one: \`` +
        `${commandLine(`sweep ${shown(folder)}`)}\`.`,
    );
  }
  await makeFolder(folder);
  await writeFileAtomic(join(folder, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
  return { folder, manifest };
}

/** Opens the sweep in a folder to continue it. */
async function goOn(
  args: SweepArguments,
  overrides: RecipeValues,
): Promise<{ folder: string; manifest: SweepManifest }> {
  const { recipe: given, seeds, data, from, steps, minutes, out } = args;
  const planned = Object.entries({ seeds, data, from, steps, minutes, out }).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`],
  );
  const [option] = [...planned, ...Object.keys(overrides)];
  if (option !== undefined) {
    throw new CliError(
      'USAGE',
      `'${given}' is an existing sweep, whose runs are fixed. Leave out ${option}, or start a new sweep from a recipe.`,
    );
  }
  const folder = resolve(given);
  const manifest = await readManifest(folder);
  const { backend = 'wasm', precision = 'float32' } = manifest;
  for (const [name, value, wanted] of [
    ['--backend', backend, args.backend],
    ['--precision', precision, args.precision],
  ] as const) {
    if (wanted === undefined || wanted === value) continue;
    throw new CliError(
      'USAGE',
      `'${given}' is an existing sweep with ${name} ${value}, which makes its runs comparable. Leave out ` +
        `${name} ${wanted}, or start a new sweep from a recipe.`,
    );
  }
  if (manifest.from) await requireSame(manifest.from, folder, manifest.runs);
  return { folder, manifest };
}

/** Recipe values from the command line, including the short options. */
function withShortOptions({ data, steps, minutes }: SweepArguments, overrides: RecipeValues): Record<string, string> {
  const values: Record<string, string> = {
    ...(data !== undefined && { data: JSON.stringify({ type: 'file', path: resolve(data) }) }),
    ...(steps !== undefined && { 'training.steps': String(steps) }),
    ...(minutes !== undefined && { 'training.maxMinutes': String(minutes) }),
  };
  const [twice] = Object.keys(values).filter((place) => Object.hasOwn(overrides, place));
  if (twice !== undefined)
    throw new CliError('USAGE', `'${twice}' is given twice: with --set and by its short option.`);
  if (Object.hasOwn(overrides, 'training.seed')) {
    throw new CliError(
      'USAGE',
      'Set the seeds of a sweep with --seeds, such as --seeds 0,3,7, not with training.seed.',
    );
  }
  return { ...values, ...overrides };
}

async function sourceOf(from: string): Promise<SweepSource> {
  // This only checks that it is a model; each training checks that it fits.
  await setUpBackend({ backend: 'cpu' });
  return { path: resolve(from), sha256: await modelChecksum(from) };
}

/** @throws CliError `RUN_FOLDER` if runs remain to be started but the model that they start from has changed */
async function requireSame({ path, sha256 }: SweepSource, folder: string, runs: readonly PlannedRun[]): Promise<void> {
  const begun = await Promise.all(runs.map(({ name }) => isRun(join(folder, name))));
  if (begun.every(Boolean)) return;
  const now = await sourceOf(path).catch(() => undefined);
  if (now?.sha256 === sha256) return;
  throw new CliError(
    'RUN_FOLDER',
    `The runs of '${shown(folder)}' start from '${path}', which ${now ? 'has changed' : 'is gone'}, and some have not ` +
      'started yet. Restore it, or start another sweep.',
  );
}

function trainWords({ recipe, from }: SweepManifest, { seed, settings }: PlannedRun, run: string): string[] {
  const values = Object.entries(settings).flatMap(([path, value]) => ['--set', `${path}=${value}`]);
  const source = from === undefined ? [] : ['--from', from.path];
  return ['train', recipe, '--seed', String(seed), ...source, ...values, '--out', run];
}
