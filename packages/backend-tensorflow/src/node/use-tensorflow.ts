import { availableParallelism } from 'node:os';
import { isMainThread } from 'node:worker_threads';
import { join } from 'node:path';

import { checkOptionNames, TaggerError } from '@taggerjs/nn';
import * as tf from '@tensorflow/tfjs-core';

import type { GpuChoice } from '../gpu-choice';
import { resolveOptions, type ResolvedOptions, type TensorflowOptions } from '../options';
import type { Precision } from '../precision';
import type { TensorflowSetup } from '../tensorflow-setup';
import type { UseTensorflow } from '../use';
import { loadAddon, type Addon, type LoadedKernels } from './addon';
import { encodeConfig } from './config-proto';
import { loadCudaLibraries } from './cuda-libraries';
import { findInstallation, kernelsPlace, PLACES, type Installation } from '../installation/installation';
import { setupCommand, type Variant } from '../installation/variant';
import { loadTfjsNode, type TfjsNodeBackend } from './load-tfjs-node';
import { ARITHMETIC, kernelNames, registerKernels, unregisterKernels } from './own-kernels';
import { registerTensorflowProducts } from './tensorflow-products';

const BACKEND = 'tensorflow';

/** Sets up TensorFlow in this process, on the CPU or a GPU. */
type SetUp = (where: string, options: ResolvedOptions) => Promise<TensorflowSetup>;

/** Shared by the functions below: a process has one TensorFlow. */
const setUp: SetUp = /* @__PURE__ */ createSetUp();

/** {@inheritDoc UseTensorflow} */
export const useTensorflow: UseTensorflow = async (options = {}) => {
  checkOptionNames('useTensorflow', options, ['threads', 'folder', 'kernels', 'precision']);
  return setUp('useTensorflow', resolveOptions('useTensorflow', options, availableParallelism()));
};

/**
 * Makes TensorFlow.js compute on a GPU with TensorFlow, as `useTensorflow` does on the CPU. For packages that have their own
 * function for this, which checks the names of its options and the choice of the GPU.
 *
 * @param where the name of that function, for errors
 * @param options as `useTensorflow` takes them
 * @param gpu which GPU, and what happens without one
 * @returns what was set up
 * @throws TaggerError as `useTensorflow`; `NO_BACKEND` also if a required GPU is missing: TensorFlow is then not loaded, and
 * the process can still call `useTensorflow`
 */
export async function useTensorflowGpu(
  where: string,
  options: TensorflowOptions,
  gpu: GpuChoice,
): Promise<TensorflowSetup> {
  return setUp(where, resolveOptions(where, options, availableParallelism(), gpu));
}

/** TensorFlow in this process. */
interface Loaded {
  readonly options: ResolvedOptions;
  readonly backend: TfjsNodeBackend;
  /** What was set up, without the kernels. */
  readonly setup: TensorflowSetup;
  /** Loads the library of kernels, once. Returns a text if there are none: the reason. */
  readonly loadKernels: () => LoadedKernels | string;
  /** The setups that were returned, by what each call may change. */
  readonly given: Map<string, TensorflowSetup>;
  /** What is registered now. */
  registered: string | undefined;
  /** Frees what the registered kernels keep. */
  release: () => void;
}

function createSetUp(): SetUp {
  let current: Loaded | undefined;
  /** The previous call; calls take effect one after the other. */
  let previous: Promise<unknown> = Promise.resolve();

  const setUp: SetUp = async (where, options) => {
    if (current === undefined) {
      if (tf.findBackendFactory(BACKEND) !== null) {
        throw new TaggerError(
          'NO_BACKEND',
          `${where}: a backend named 'tensorflow' is already registered, probably by an import of @tensorflow/tfjs-node. ` +
            'Remove that import: this package loads the same backend.',
        );
      }
      current = await load(where, options);
    } else if (!isSame(current.options, options)) {
      throw new TaggerError(
        'NO_BACKEND',
        `${where}: TensorFlow is already loaded with ${JSON.stringify(current.options)}, and a process loads it once. Use ` +
          'the same options, or another process.',
      );
    }
    if (tf.findBackendFactory(BACKEND) === null) {
      const { backend } = current;
      tf.registerBackend(BACKEND, () => backend, 3);
    }
    if (tf.getBackend() !== BACKEND) await tf.setBackend(BACKEND);
    return withKernels(current, options);
  };

  return (where, options) => {
    const result = previous.then(() => setUp(where, options));
    previous = result.catch(() => {});
    return result;
  };
}

/** Registers or unregisters kernels if necessary. Returns the setup, the same object each time. */
function withKernels(loaded: Loaded, { kernels, precision }: ResolvedOptions): TensorflowSetup {
  const { backend, setup, given } = loaded;
  const own = kernels === 'auto' && setup.device === 'cpu' ? loaded.loadKernels() : undefined;
  const used = usedPrecision(precision, own);
  const wanted = `${kernels} ${precision}`;
  if (loaded.registered !== wanted) {
    unregisterKernels();
    loaded.release();
    loaded.release = () => {};
    if (typeof own === 'object') registerKernels(backend, own, ARITHMETIC[used.precision]);
    else if (used.precision !== 'float32') loaded.release = registerTensorflowProducts(backend, used.precision);
    loaded.registered = wanted;
  }
  const result = given.get(wanted) ?? {
    ...setup,
    kernels: typeof own === 'object' ? kernelNames(own) : [],
    ...used,
    ...(typeof own === 'string' ? { noKernels: own } : {}),
  };
  given.set(wanted, result);
  return result;
}

/**
 * The precision that products can have.
 *
 * @param own this package's kernels; a text if they are missing: the reason; undefined if TensorFlow's operations compute
 */
function usedPrecision(
  precision: Precision,
  own: LoadedKernels | string | undefined,
): Pick<TensorflowSetup, 'precision' | 'bfloat16' | 'noBfloat16'> {
  if (precision === 'float32' || own === undefined) return { precision };
  if (typeof own === 'string') {
    return { precision: 'float32', noBfloat16: 'bfloat16 needs the custom kernels, which are missing' };
  }
  if (precision === 'emulated-bfloat16') return { precision };
  if (own.bfloat16 !== undefined) return { precision, bfloat16: own.bfloat16 };
  return { precision: 'float32', noBfloat16: 'this processor has neither AVX512-BF16 nor AMX-BF16' };
}

/** Loads the kernels for this processor. Returns a text if there are none: the reason. */
function loadKernels(addon: Addon, { folder, manifest }: Installation, threads: number): LoadedKernels | string {
  const { kernels, variant } = manifest;
  if (kernels === undefined || addon.loadKernels === undefined || addon.cpuLevels === undefined) {
    return older(folder, variant);
  }
  const level = addon.cpuLevels().find((name) => kernels.levels.includes(name));
  if (level === undefined) return `the set-up could not compile them: ${kernels.problem ?? 'not for this processor'}`;
  try {
    // Bindings before these kernels registered others with TensorFlow, and returned nothing.
    return addon.loadKernels(join(folder, kernelsPlace(level)), threads) ?? older(folder, variant);
  } catch (error) {
    return (error as Error).message;
  }
}

function older(folder: string, variant: Variant): string {
  return `${folder} is older than they are; \`${setupCommand(variant)}\` compiles them, without a download`;
}

async function load(where: string, options: ResolvedOptions): Promise<Loaded> {
  const { threads, gpu } = options;
  const installation = await findInstallation(
    where,
    options.folder,
    gpu === undefined ? ['cpu', 'cuda'] : ['cuda', 'cpu'],
  );
  const { manifest } = installation;
  const addon = quietly(() => loadAddon(where, installation));
  const missingLibraries = gpu === undefined ? [] : loadCudaLibraries(addon, installation);
  const explain = (choice: GpuChoice) =>
    choice.explain({
      tensorflow: addon.tensorflowVersion,
      cuda: manifest.tensorflow.cuda,
      driver: addon.cudaDriver(),
      missingLibraries,
      device: choice.device,
      visibleDevices: process.env['CUDA_VISIBLE_DEVICES'],
    });

  // TensorFlow refuses a missing GPU with its own message; ours says what to do.
  const found = gpu === undefined ? undefined : visibleGpu(addon, gpu.device);
  if (gpu?.required && found === undefined) throw noGpu(where, explain(gpu));
  const { backend: binding, devices } = createContext(where, addon, options, found !== undefined);
  const onGpu = devices.some(({ type }) => type === 'GPU');
  if (gpu?.required && !onGpu) throw noGpu(where, explain(gpu));

  const NodeBackend = loadTfjsNode(join(installation.folder, PLACES.tfjsNode));
  const backend = new NodeBackend(binding, packageName(installation));
  const setup: TensorflowSetup = {
    backend: BACKEND,
    tensorflow: addon.tensorflowVersion,
    ...(manifest.tensorflow.cuda === undefined ? {} : { cuda: manifest.tensorflow.cuda }),
    device: onGpu ? 'gpu' : 'cpu',
    devices,
    ...(onGpu && found !== undefined ? { gpu: found } : {}),
    ...(gpu === undefined || onGpu ? {} : { noGpu: explain(gpu) }),
    threads,
    kernels: [],
    precision: 'float32',
  };
  let kernels: LoadedKernels | string | undefined;
  const loadOnce = () => (kernels ??= loadKernels(addon, installation, threads));
  return { options, backend, setup, loadKernels: loadOnce, given: new Map(), registered: undefined, release: () => {} };
}

/** The GPU of an index as the driver describes it; undefined if there is none. */
function visibleGpu(addon: Addon, device: number) {
  const driver = addon.cudaDriver();
  return 'missing' in driver || driver.error !== 0 ? undefined : driver.gpus[device];
}

function createContext(where: string, addon: Addon, { threads, gpu }: ResolvedOptions, gpuThere: boolean) {
  const config = encodeConfig({
    intraOpParallelismThreads: threads,
    ...(gpu === undefined || !gpuThere
      ? { gpuCount: 0 }
      : {
          visibleDeviceList: String(gpu.device),
          ...(gpu.memory === 'grow'
            ? { allowGrowth: true }
            : { allowGrowth: false, perProcessGpuMemoryFraction: gpu.memory }),
        }),
  });
  try {
    return quietly(() => addon.create(config));
  } catch (cause) {
    throw new TaggerError(
      'NO_BACKEND',
      `${where}: TensorFlow ${addon.tensorflowVersion} cannot start: ${(cause as Error).message}`,
      { cause },
    );
  }
}

function noGpu(where: string, reason: string): TaggerError {
  return new TaggerError(
    'NO_BACKEND',
    `${where}: there is no GPU to compute on: ${reason}. Without a GPU, use the backend tensorflow.`,
  );
}

function packageName({ manifest }: Installation): string {
  return manifest.tfjsNode.replace(/(?<=.)@.*$/, '');
}

/**
 * Starts TensorFlow without its log output, unless TF_CPP_MIN_LOG_LEVEL is set. TensorFlow reads that variable from the
 * environment of the process, which a worker thread cannot set: there it may print a few lines.
 */
function quietly<T>(start: () => T): T {
  const name = 'TF_CPP_MIN_LOG_LEVEL';
  if (!isMainThread || process.env[name] !== undefined) return start();
  process.env[name] = '3';
  try {
    return start();
  } finally {
    delete process.env[name];
  }
}

/** Whether options are the same, apart from those that each call may change. */
function isSame(before: ResolvedOptions, now: ResolvedOptions): boolean {
  const [a, b] = [before, now].map(({ kernels: _, precision: __, ...others }) => others);
  return JSON.stringify(a) === JSON.stringify(b);
}
