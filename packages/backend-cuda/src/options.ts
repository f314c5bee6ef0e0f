import { checkOptionNames, TaggerError } from '@taggerjs/nn';

/** What `useTensorflow` takes. */
export interface TensorflowOptions {
  /**
   * How many threads compute one operation (TensorFlow: intra-op parallelism); an integer in [1, 1024]. The first setup
   * in a process decides: TensorFlow makes one pool of threads for all.
   *
   * @default the cores that the process may use
   */
  readonly threads?: number;
  /**
   * The folder in which `taggerjs-setup-tensorflow` installed what is needed.
   *
   * @default the environment variable TAGGERJS_TENSORFLOW, else `taggerjs/tensorflow` in the user's cache folder
   */
  readonly folder?: string;
  /**
   * Whether operations of `@taggerjs/nn` are computed by kernels of this package on the CPU: `'auto'` wherever there is one,
   * `'off'` by operations of TensorFlow only. On a GPU there are none. Each call decides anew.
   *
   * @default 'auto'
   */
  readonly kernels?: 'auto' | 'off';
}

/** What `useCuda` takes. */
export interface CudaOptions extends TensorflowOptions {
  /**
   * Which GPU computes: its index, counted from 0 among those that CUDA_VISIBLE_DEVICES lets be seen.
   *
   * @default 0
   */
  readonly device?: number;
  /**
   * `'grow'`: memory of the GPU is taken as it is needed, and kept. A number in (0, 1]: that share of it is taken at
   * once, and no more.
   *
   * @default 'grow'
   */
  readonly memory?: 'grow' | number;
  /**
   * Whether it is an error that TensorFlow finds no GPU. Where it is not, TensorFlow's CPU kernels compute, and the
   * setup says why (`noGpu`).
   *
   * @default true
   */
  readonly requireGpu?: boolean;
}

/** Options with nothing left open. */
export interface ResolvedOptions {
  readonly threads: number;
  readonly folder: string | undefined;
  readonly kernels: 'auto' | 'off';
  /** What is asked of the GPU; undefined where none is to be used. */
  readonly gpu: { readonly device: number; readonly memory: 'grow' | number; readonly required: boolean } | undefined;
}

const COMMON = ['threads', 'folder', 'kernels'];

/**
 * Checks the options of `useTensorflow` and fills in defaults.
 *
 * @throws TaggerError `INVALID_OPTION`
 */
export function resolveTensorflowOptions(options: TensorflowOptions, cores: number): ResolvedOptions {
  checkOptionNames('useTensorflow', options, COMMON);
  return { ...resolveCommon('useTensorflow', options, cores), gpu: undefined };
}

/**
 * Checks the options of `useCuda` and fills in defaults.
 *
 * @throws TaggerError `INVALID_OPTION`
 */
export function resolveCudaOptions(options: CudaOptions, cores: number): ResolvedOptions {
  checkOptionNames('useCuda', options, [...COMMON, 'device', 'memory', 'requireGpu']);
  const { device = 0, memory = 'grow', requireGpu = true } = options;
  if (!Number.isInteger(device) || device < 0) {
    throw invalid('useCuda', `device must be the index of a GPU, 0 or more; it is ${String(device)}`);
  }
  if (memory !== 'grow' && !(typeof memory === 'number' && memory > 0 && memory <= 1)) {
    throw invalid('useCuda', `memory must be 'grow' or a share in (0, 1]; it is ${String(memory)}`);
  }
  if (typeof requireGpu !== 'boolean') {
    throw invalid('useCuda', `requireGpu must be a boolean; it is ${String(requireGpu)}`);
  }
  return { ...resolveCommon('useCuda', options, cores), gpu: { device, memory, required: requireGpu } };
}

function resolveCommon(where: string, options: TensorflowOptions, cores: number): Omit<ResolvedOptions, 'gpu'> {
  const { threads = cores, folder, kernels = 'auto' } = options;
  if (!Number.isInteger(threads) || threads < 1 || threads > 1024) {
    throw invalid(where, `threads must be an integer in [1, 1024]; it is ${String(threads)}`);
  }
  if (folder !== undefined && (typeof folder !== 'string' || folder === '')) {
    throw invalid(where, `folder must be the path of a folder; it is ${String(folder)}`);
  }
  if (kernels !== 'auto' && kernels !== 'off') {
    throw invalid(where, `kernels must be 'auto' or 'off'; it is ${String(kernels)}`);
  }
  return { threads, folder, kernels };
}

function invalid(where: string, what: string): TaggerError {
  return new TaggerError('INVALID_OPTION', `${where}: ${what}.`);
}
