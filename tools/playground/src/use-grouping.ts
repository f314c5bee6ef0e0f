import { computed, onBeforeUnmount, ref, shallowRef, type ComputedRef, type Ref, type ShallowRef } from 'vue';

import weightsUrl from '../weights/shapes.safetensors?url';
import type { BackendName, EngineSetup, GroupedImage, GroupRequest, ModelDescription } from './engine-types';
import { startEngine, type RemoteEngine } from './start-engine';

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
  /** Starts anew with the shipped weights. */
  start(): Promise<void>;
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
 * @param request what to group, at any time
 * @param onGrouped called with each result
 */
export function useGrouping(request: () => GroupRequest, onGrouped: (result: GroupedImage) => void): UsedGrouping {
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
  /** Whether the engine has a model: not yet while that is loaded. */
  let usable = false;
  let running: Promise<void> | undefined;
  let stale = false;

  function fail(message: string): void {
    failure.value = message;
    engine?.end();
    engine = undefined;
  }

  async function startWith(source: Uint8Array | string): Promise<void> {
    failure.value = '';
    setup.value = undefined;
    times.value = [];
    try {
      engine?.end();
      usable = false;
      engine = startEngine(fail);
      const ready = await engine.setUp(backend.value);
      model.value = await engine.load(source);
      usable = true;
      await group();
      times.value = [];
      for (let run = 1; run < FIRST_RUNS; run++) await group();
      setup.value = ready;
      hasWebgpu.value = await engine.hasWebgpu();
    } catch (error) {
      fail((error as Error).message);
    }
  }

  async function start(): Promise<void> {
    modelName.value = SHIPPED;
    await startWith(new URL(weightsUrl, location.href).href);
  }

  async function group(): Promise<void> {
    stale = true;
    running ??= groupWhileStale().finally(() => (running = undefined));
    await running;
  }

  async function groupWhileStale(): Promise<void> {
    while (stale && usable && engine !== undefined) {
      stale = false;
      const result = await engine.group(request());
      if (stale) continue;
      grouped.value = result;
      runs.value++;
      times.value = [...times.value, result.millisecondsPerIteration].slice(-TIMED);
      onGrouped(result);
    }
  }

  async function switchTo(other: BackendName): Promise<void> {
    const weights = await engine?.save();
    backend.value = other;
    await (weights === undefined ? start() : startWith(weights));
  }

  async function use(weights: Uint8Array, name: string): Promise<void> {
    failure.value = '';
    try {
      model.value = await engine!.load(weights);
      modelName.value = name;
      await group();
    } catch (error) {
      failure.value = (error as Error).message;
    }
  }

  onBeforeUnmount(() => engine?.end());
  const values = { backend, hasWebgpu, setup, model, modelName, grouped, failure, runs, times, milliseconds };
  return { ...values, start, group, switchTo, use, save: () => engine!.save(), fail };
}
