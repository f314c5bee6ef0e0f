import { computed, onBeforeUnmount, ref, shallowRef, type ComputedRef, type Ref, type ShallowRef } from 'vue';

import type { BackendName, EngineSetup, GroupedImage, GroupRequest, ModelDescription } from '../engine/calls';
import type { ModelName } from '../models/model-kinds';
import { MODELS } from '../models/shipped-models';
import { startEngine, type RemoteEngine } from '../engine/start-engine';

/** Runs whose median time is shown. */
const TIMED = 30;
/** Runs at first: one that does not count, for the engine compiles what it runs, and some that are timed. */
const FIRST_RUNS = 6;
/** What the weights that come with the page are called. */
export const SHIPPED = 'the shipped weights';

/** An engine, its model, and the groups that it finds in what is drawn. */
export interface UsedGrouping {
  readonly backend: Ref<BackendName>;
  /** Whether the browser has WebGPU to choose. */
  readonly hasWebgpu: Ref<boolean>;
  /** What is computed on, once it is ready. */
  readonly setup: Ref<EngineSetup | undefined>;
  readonly model: Ref<ModelDescription | undefined>;
  readonly modelName: Ref<string>;
  readonly grouped: ShallowRef<GroupedImage | undefined>;
  /** What went wrong; empty where nothing did. */
  readonly failure: Ref<string>;
  /** How often something was grouped. */
  readonly runs: Ref<number>;
  /** Milliseconds an iteration, of the last runs. */
  readonly times: Ref<readonly number[]>;
  /** Their median. */
  readonly milliseconds: ComputedRef<number | undefined>;
  /** Starts anew with the shipped weights of a model. */
  start(name: ModelName): Promise<void>;
  /**
   * Takes the shipped weights of a model; what was grouped by another is gone at once.
   *
   * @param needed what has to be there before something is grouped
   */
  take(name: ModelName, needed: Promise<void>): Promise<void>;
  /** Groups what is drawn now. Where that is being done already, it is done again: only the newest counts. */
  group(): Promise<void>;
  switchTo(backend: BackendName): Promise<void>;
  /** Takes other weights, and groups with them. A file that is none is a failure, and the weights stay as they were. */
  use(weights: Uint8Array, name: string): Promise<void>;
  /** The model as a file. */
  save(): Promise<Uint8Array>;
  fail(message: string): void;
}

/**
 * @param request what to group, at any time; undefined where that is not there yet
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
  /** Whether the engine has a model: not yet while that is loaded. */
  let usable = false;
  let running: Promise<void> | undefined;
  let starting: Promise<void> | undefined;
  let stale = false;

  function fail(message: string): void {
    failure.value = message;
    engine?.end();
    engine = undefined;
  }

  const addressOf = (name: ModelName) => new URL(MODELS[name]!.url, location.href).href;

  function startWith(source: Uint8Array | string): Promise<void> {
    starting = startAnew(source, kind).catch((error: Error) => fail(error.message));
    return starting;
  }

  async function startAnew(source: Uint8Array | string, name: ModelName): Promise<void> {
    failure.value = '';
    setup.value = undefined;
    times.value = [];
    engine?.end();
    usable = false;
    engine = startEngine(fail);
    const ready = await engine.setUp(backend.value);
    const loaded = await engine.load(source, name);
    // Meanwhile another model may have been asked for, which `take` loads.
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
    modelName.value = SHIPPED;
    await startWith(addressOf(name));
  }

  async function take(name: ModelName, needed: Promise<void>): Promise<void> {
    kind = name;
    usable = false;
    failure.value = '';
    grouped.value = undefined;
    modelName.value = SHIPPED;
    try {
      await Promise.all([starting, running, needed]);
      if (kind !== name) return;
      if (engine === undefined) return await startWith(addressOf(name));
      const loaded = await engine.load(addressOf(name), name);
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
    running ??= groupWhileStale().finally(() => (running = undefined));
    await running;
  }

  async function groupWhileStale(): Promise<void> {
    while (stale && usable && engine !== undefined) {
      stale = false;
      const wanted = request();
      if (wanted === undefined) return;
      const result = await engine.group(wanted);
      // Of a model that is no longer wanted.
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
    await (weights === undefined ? start(kind) : startWith(weights));
  }

  async function use(weights: Uint8Array, name: string): Promise<void> {
    failure.value = '';
    try {
      model.value = await engine!.load(weights, kind);
      modelName.value = name;
      await group();
    } catch (error) {
      failure.value = (error as Error).message;
    }
  }

  onBeforeUnmount(() => engine?.end());
  const values = { backend, hasWebgpu, setup, model, modelName, grouped, failure, runs, times, milliseconds };
  return { ...values, start, take, group, switchTo, use, save: () => engine!.save(), fail };
}
