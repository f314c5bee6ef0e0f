import { servedBy } from '@taggerjs/nn';
import type { Recipe } from '@taggerjs/recipes';
import type { LoopOptions } from '@taggerjs/train';
import * as tf from '@tensorflow/tfjs-core';

import type { TrainingData } from '../../data-source';
import { createModel } from '../../model/create-model';
import type { ExperimentModel } from '../../model/experiment-model';
import { openTrainingData } from '../data-files';
import { digestOfData, requireSameData } from '../data-digest';
import { environment } from '../environment';
import { importModulesFrom } from '../import-modules';
import { lockFolder, unseenHolder } from '../lock/folder-lock';
import { version } from '../version';
import { latestCheckpoint, type CheckpointInfo, type RunCheckpoint } from './checkpoint-folder';
import { requirePixels, runOf } from './open-run';
import { createRecorder } from './recorder';
import type { BackendDescription, RunConfig } from './run-config';
import type { TrainRunEvent } from './run-events';
import { createRunFolder, isRun, openRunFolder, type RunFolder } from './run-folder';
import { createRunWriter, type RunWriter } from './run-writer';
import { transferAgain, transferFrom } from './transfer';
import type { WarningEvent } from './warning-event';

/** Options of {@link trainRun}. */
export interface TrainRunOptions {
  /** Folder of the run. @default `runs/<recipe>-<date and time>` in the current one */
  readonly folder?: string;
  /** Base folder of relative paths in the recipe. @default the current one */
  readonly baseFolder?: string;
  /** A run or model file to copy initial weights from, as far as they fit. @default random weights */
  readonly from?: string;
  /**
   * Describes the backend for the files of the run, such as the result of `useBackend` of `@taggerjs/backends`.
   *
   * @default the name and kernels of TensorFlow.js's current backend
   */
  readonly backend?: BackendDescription;
  /** Ends training after the current step and writes a checkpoint. */
  readonly signal?: AbortSignal;
}

/** Options of {@link resumeRun}. */
export interface ResumeRunOptions {
  /**
   * Describes the backend, or a function that receives the run's previous backend, sets one up and describes it.
   *
   * @default the name and kernels of TensorFlow.js's current backend
   */
  readonly backend?: BackendDescription | ((before: BackendBefore) => Promise<BackendDescription>);
  /** Ends training after the current step and writes a checkpoint. */
  readonly signal?: AbortSignal;
}

/**
 * The backend of a run before it stopped. Without a checkpoint, only name, precision and threads are known. Runs that version
 * 0.1 started do not record the threads before their first checkpoint.
 */
export type BackendBefore = Partial<BackendDescription>;

/**
 * Trains a model by a recipe and keeps the run in a folder: configuration, metrics, checkpoints and, at the end, the model.
 * Checks all options before it creates the folder. Training advances only as events are consumed.
 *
 * @param recipe the recipe to train
 * @param options folder, initial weights, backend and abort signal
 * @returns an asynchronous iterator of events; stopping the iteration releases everything
 * @throws ExperimentError `INVALID_OPTION` or `INPUT` if the recipe, its data or `from` are wrong, `RUN_FOLDER` if the folder
 *   already contains a run or is in use, `FILE` if a file cannot be written, for example because the disk is full, `LOCK_LOST` if
 *   another process has taken the folder over; TaggerError as `train`
 */
export async function* trainRun(
  recipe: Recipe,
  options: TrainRunOptions = {},
): AsyncGenerator<TrainRunEvent, void, undefined> {
  const { baseFolder = process.cwd(), backend = await currentBackend(), signal } = options;
  const data = await openTrainingData(recipe, { baseFolder });
  const model = await createModel(recipe, data.dataset, { importModule: importModulesFrom(baseFolder) });
  try {
    const from = options.from === undefined ? undefined : await transferFrom(options.from, model);
    const digest = await digestOfData(recipe, baseFolder);
    // A folder that contains a run is refused without waiting.
    if (options.folder !== undefined && !(await isRun(options.folder))) yield* waits(options.folder);
    const { folder, lock } = await createRunFolder(recipe, options.folder, {
      environment: environment(backend),
      baseFolder,
      ...(from && { from }),
      ...(digest && { data: digest }),
    });
    const writer = createRunWriter(folder, lock);
    try {
      yield* runTraining({ folder, writer, model, data, backend, checkpoint: undefined, signal });
    } finally {
      await writer.close();
    }
  } finally {
    model.dispose();
  }
}

/**
 * Resumes a run from its newest checkpoint. On the same backend, the results are bitwise identical to those of a run that never
 * stopped. A run without a checkpoint restarts from the beginning.
 *
 * @param path folder of the run
 * @param options backend and abort signal
 * @returns an asynchronous iterator of events, as {@link trainRun}; a finished run yields only `'finished'`
 * @throws ExperimentError `RUN_FOLDER` if the folder is not a run or is in use, its data have changed, or all of its
 *   checkpoints are damaged; as {@link trainRun}
 */
export async function* resumeRun(
  path: string,
  options: ResumeRunOptions = {},
): AsyncGenerator<TrainRunEvent, void, undefined> {
  const folder = await openRunFolder(path);
  yield* waits(folder.path);
  const lock = await lockFolder(folder.path);
  const writer = createRunWriter(folder, lock);
  let model: ExperimentModel | undefined;
  try {
    if (await folder.finished()) {
      yield { type: 'finished', run: runOf(folder) };
      return;
    }
    const { recipe, baseFolder, environment: begun, from } = folder.config;
    await requireSameData(folder.config);
    await writer.clean();
    const checkpoint = yield* latestCheckpoint(folder.checkpoints, lock);
    if (!checkpoint) yield warning('There is no checkpoint yet. The run starts from the beginning.');
    const records = checkpoint?.info.records ?? 0;
    const kept = await writer.keepMetrics(records);
    if (kept < records) yield warning(`${records - kept} of the ${records} metrics records are lost.`);

    const before = checkpoint?.info.backend ?? backendAtStart(begun);
    const { backend: given = currentBackend } = options;
    const backend = typeof given === 'function' ? await given(before) : given;
    if (checkpoint) yield* differences(checkpoint.info, backend);

    const data = await openTrainingData(recipe, { baseFolder });
    model = await createModel(recipe, data.dataset, { importModule: importModulesFrom(baseFolder) });
    if (checkpoint) requirePixels(path, model, checkpoint.state);
    else if (from) await transferAgain(from, model);
    yield* runTraining({ folder, writer, model, data, backend, checkpoint, signal: options.signal });
  } finally {
    model?.dispose();
    await writer.close();
  }
}

interface Training {
  readonly folder: RunFolder;
  readonly writer: RunWriter;
  readonly model: ExperimentModel;
  readonly data: TrainingData;
  readonly backend: BackendDescription;
  readonly checkpoint: RunCheckpoint | undefined;
  readonly signal: AbortSignal | undefined;
}

async function* runTraining(training: Training): AsyncGenerator<TrainRunEvent, void, undefined> {
  const { folder, writer, model, data, backend, checkpoint, signal } = training;
  const { recipe } = folder.config;
  yield { type: 'run', run: runOf(folder), backend, resumedFrom: checkpoint?.state.step ?? null };
  if (backend.noBfloat16 !== undefined) {
    yield warning(`Matrix products are computed in float32, not in bfloat16: ${backend.noBfloat16}.`);
  }
  const recorder = createRecorder(folder, writer, backend, checkpoint);
  const controls: Pick<LoopOptions, 'resume' | 'signal'> = {
    ...(checkpoint && { resume: checkpoint.state }),
    ...(signal && { signal }),
  };
  let reason = 'steps';
  for await (const event of model.train(recipe, data, controls)) {
    const saved = await recorder.add(event);
    if (event.type === 'end') ({ reason } = event);
    yield event;
    if (saved !== undefined) yield { type: 'checkpoint', step: saved };
  }
  const save = async () => writer.write(folder.modelFile, await model.save({ metadata: { recipe: recipe.name } }));
  // Calibration may take long and be interrupted, so save the model before it, too.
  await save();
  if (await model.calibrate(recipe, data.dataset)) await save();
  // Before the event, because its consumer may stop the iteration.
  if (reason !== 'aborted') await writer.finish({ finished: new Date().toISOString(), reason });
  yield { type: 'model', path: folder.modelFile };
}

/** What `config.json` records about the backend. */
function backendAtStart({ backend, precision = 'float32', threads }: RunConfig['environment']): BackendBefore {
  return { name: String(backend), precision: String(precision), ...(typeof threads === 'number' && { threads }) };
}

/** Describes the current backend with what TensorFlow.js knows about it. */
async function currentBackend(): Promise<BackendDescription> {
  // A backend is initialized on first use; until then, none is current.
  await tf.ready();
  const name = tf.getBackend();
  const kernels = tf
    .getKernelsForBackend(name)
    .filter(({ kernelName }) => kernelName.startsWith('Tagger') && servedBy({ kernelName }, name) === 'kernel');
  return { name, description: name, threads: 1, kernels: kernels.map(({ kernelName }) => kernelName) };
}

/** Warns if locking a folder has to wait for a process that cannot be seen. */
async function* waits(folder: string): AsyncGenerator<WarningEvent> {
  const unseen = await unseenHolder(folder);
  if (unseen !== undefined) yield warning(`'${folder}': ${unseen}`);
}

function warning(message: string): WarningEvent {
  return { type: 'warning', message };
}

/**
 * Warns if results may differ in their last bits: if the version, the backend or its kernels changed. On backends other than
 * WebAssembly, the description counts too, because it includes the library, the device and the number of threads.
 */
function* differences(checkpoint: CheckpointInfo, now: BackendDescription): Generator<WarningEvent> {
  const { backend: then } = checkpoint;
  const found: string[] = [];
  if (checkpoint.version !== version()) found.push(`taggerjs ${checkpoint.version} then, ${version()} now`);
  if (then.name !== now.name) found.push(`backend ${then.name} then, ${now.name} now`);
  else if (kernelNames(then) !== kernelNames(now)) {
    found.push(`other kernels of backend ${now.name} than before`);
  } else if (now.name !== 'wasm' && then.description !== undefined) {
    // The former wording of version 0.1.
    const description = then.description.replace(/(\d+) (kernels?) of its own/, '$1 custom $2');
    if (description !== now.description) found.push(`${description} then, ${now.description} now`);
  }
  if (found.length === 0) return;
  yield warning(
    `The setup has changed (${found.join('; ')}). Results may differ in the last bits from a run without a stop.`,
  );
}

/** The kernels of a backend as one string. Maps the name of im2col in version 0.1 to its current name. */
function kernelNames({ kernels }: BackendDescription): string {
  return String(kernels.map((name) => name.replace('Neighborhoods', 'Im2col')).sort());
}
