import { computed, onBeforeUnmount, ref, shallowRef, type ComputedRef, type Ref, type ShallowRef } from 'vue';

import type { BackendName, EngineSetup, GroupedImage, GroupRequest, ModelDescription } from '../engine/calls';
import type { ModelName } from '../models/model-kinds';
import { readShipped } from '../models/shipped-models';
import { startEngine, type RemoteEngine } from '../engine/start-engine';

/** Number of runs in the median time. */
const TIMED = 30;
/** Runs after a start. The first is not timed, because the engine compiles its code. */
const FIRST_RUNS = 6;
/** Name of the weights that the page ships. */
export const SHIPPED = 'the shipped weights';

/** An engine, its model, and the groups that it finds. */
export interface UsedGrouping {
  readonly backend: Ref<BackendName>;
  /** Whether the browser offers WebGPU on a GPU. */
  readonly hasWebgpu: Ref<boolean>;
  /** The backend, once it is ready. */
  readonly setup: Ref<EngineSetup | undefined>;
  readonly model: Ref<ModelDescription | undefined>;
  readonly modelName: Ref<string>;
  readonly grouped: ShallowRef<GroupedImage | undefined>;
  /** Error message; empty if there is none. */
  readonly failure: Ref<string>;
  /** Number of completed runs. */
  readonly runs: Ref<number>;
  /** Milliseconds per iteration of the last runs. */
  readonly times: Ref<readonly number[]>;
  /** Their median. */
  readonly milliseconds: ComputedRef<number | undefined>;
  /** Restarts the engine with the shipped weights of a model; for color images, with those of the file. */
  start(name: ModelName): Promise<void>;
  /**
   * Loads the weights of a model as `start` does, unless it is in use. Clears the result of the previous model at once.
   *
   * @param needed resolves when everything else that grouping needs is loaded
   */
  take(name: ModelName, needed: Promise<void>): Promise<void>;
  /** Groups the current request. If a run is in progress, groups again after it: only the newest request counts. */
  group(): Promise<void>;
  switchTo(backend: BackendName): Promise<void>;
  /**
   * Loads weights from a file and groups with them. On an invalid file, reports a failure and keeps the old weights.
   *
   * @param prepare called with the model before it groups; its kind can be another one than before
   */
  use(weights: Uint8Array, name: string, prepare: (model: ModelDescription) => Promise<void>): Promise<void>;
  /** The model as a file. */
  save(): Promise<Uint8Array>;
  fail(message: string): void;
}

/**
 * @param request returns the request to group now; undefined while its image is loading
 * @param onGrouped called with each result
 */
export function useGrouping(
  request: () => GroupRequest | undefined,
  onGrouped: (result: GroupedImage) => void,
): UsedGrouping {
  const backend = ref<BackendName>('wasm');
  const hasWebgpu = ref(false);
  const setup = ref<EngineSetup>();
  const model = ref<ModelDescription>();
  const modelName = ref(SHIPPED);
  const grouped = shallowRef<GroupedImage>();
  const failure = ref('');
  const runs = ref(0);
  const times = ref<readonly number[]>([]);
  const milliseconds = computed(() => {
    const sorted = [...times.value].sort((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)];
  });

  let engine: RemoteEngine | undefined;
  let kind: ModelName = 'shapes';
  /** The last model of color images, which the page does not ship. */
  let colorFile: { readonly weights: Uint8Array; readonly name: string } | undefined;
  /** Whether the engine has loaded the current model. */
  let usable = false;
  let running: Promise<void> | undefined;
  let starting: Promise<void> | undefined;
  let stale = false;

  function fail(message: string): void {
    failure.value = message;
    engine?.end();
    engine = undefined;
  }

  function weightsOf(name: ModelName): Promise<Uint8Array> {
    if (name !== 'color') return readShipped(name);
    return colorFile ? Promise.resolve(colorFile.weights) : Promise.reject(new Error('Load a model of color images.'));
  }

  const nameOf = (name: ModelName) => (name === 'color' ? (colorFile?.name ?? '') : SHIPPED);

  function startWith(weights: Promise<Uint8Array>): Promise<void> {
    starting = restart(weights, kind).catch((error: Error) => fail(error.message));
    return starting;
  }

  async function restart(weights: Promise<Uint8Array>, name: ModelName): Promise<void> {
    failure.value = '';
    setup.value = undefined;
    times.value = [];
    engine?.end();
    usable = false;
    engine = startEngine(fail);
    const [ready, bytes] = await Promise.all([engine.setUp(backend.value), weights]);
    const loaded = await engine.load(bytes, name);
    // If the user has chosen another model meanwhile, `take` loads it.
    if (kind === name) {
      model.value = loaded;
      usable = true;
      await group();
      times.value = [];
      for (let run = 1; run < FIRST_RUNS; run++) await group();
    }
    setup.value = ready;
    hasWebgpu.value = (await engine?.hasWebgpu()) ?? false;
  }

  async function start(name: ModelName): Promise<void> {
    kind = name;
    modelName.value = nameOf(name);
    await startWith(weightsOf(name));
  }

  async function take(name: ModelName, needed: Promise<void>): Promise<void> {
    if (kind === name) return;
    kind = name;
    usable = false;
    failure.value = '';
    grouped.value = undefined;
    modelName.value = nameOf(name);
    try {
      const [weights] = await Promise.all([weightsOf(name), starting, running, needed]);
      if (kind !== name) return;
      if (engine === undefined) return await startWith(Promise.resolve(weights));
      const loaded = await engine.load(weights, name);
      if (kind !== name) return;
      model.value = loaded;
      usable = true;
      await group();
      times.value = [];
    } catch (error) {
      if (kind === name) fail((error as Error).message);
    }
  }

  async function group(): Promise<void> {
    stale = true;
    // A run that is about to end may not see this request.
    while (stale && usable && engine !== undefined) {
      running ??= groupWhileStale().finally(() => (running = undefined));
      await running;
    }
  }

  async function groupWhileStale(): Promise<void> {
    while (stale && usable && engine !== undefined) {
      stale = false;
      const wanted = request();
      if (wanted === undefined) return;
      const result = await engine.group(wanted);
      // Drop the result of an outdated request or model.
      if (stale || !usable) continue;
      grouped.value = result;
      runs.value++;
      times.value = [...times.value, result.millisecondsPerIteration].slice(-TIMED);
      onGrouped(result);
    }
  }

  async function switchTo(other: BackendName): Promise<void> {
    const weights = await engine?.save();
    backend.value = other;
    await (weights === undefined ? start(kind) : startWith(Promise.resolve(weights)));
  }

  async function use(
    weights: Uint8Array,
    name: string,
    prepare: (model: ModelDescription) => Promise<void>,
  ): Promise<void> {
    failure.value = '';
    const before = usable;
    usable = false;
    try {
      const loaded = await engine!.load(weights, kind);
      if (loaded.kind === 'color') colorFile = { weights, name };
      if (`${loaded.inputShape}` !== `${model.value?.inputShape}`) grouped.value = undefined;
      kind = loaded.kind;
      model.value = loaded;
      modelName.value = name;
      await prepare(loaded);
      usable = true;
      await group();
    } catch (error) {
      usable = before;
      failure.value = (error as Error).message;
    }
  }

  onBeforeUnmount(() => engine?.end());
  const values = { backend, hasWebgpu, setup, model, modelName, grouped, failure, runs, times, milliseconds };
  return { ...values, start, take, group, switchTo, use, save: () => engine!.save(), fail };
}
