import { TaggerError } from '@taggerjs/nn';

import type { GpuChoice } from './gpu-choice';
import { PRECISIONS, type Precision } from './precision';

/** Options of `useTensorflow`. */
export interface TensorflowOptions {
  /**
   * Threads per operation (TensorFlow: intra-op parallelism); an integer in [1, 1024]. The first setup in a process
   * decides: TensorFlow makes one thread pool for all.
   *
   * @default the cores available
   */
  readonly threads?: number;
  /**
   * The folder in which `taggerjs-setup-tensorflow` installed TensorFlow.
   *
   * @default the environment variable TAGGERJS_TENSORFLOW, else `taggerjs/tensorflow` in the user's cache folder
   */
  readonly folder?: string;
  /**
   * `'auto'`: on the CPU, compute operations of `@taggerjs/nn` with this package's kernels. `'off'`: use only TensorFlow's
   * operations, as on a GPU. Each call may change it.
   *
   * @default 'auto'
   */
  readonly kernels?: 'auto' | 'off';
  /**
   * The precision of matrix products. `'bfloat16'` needs a processor with AVX512-BF16 or AMX-BF16; on others, products are
   * computed in float32, and the setup has the reason in `noBfloat16`. Each call may change it.
   *
   * @default 'float32'
   */
  readonly precision?: Precision;
}

/** Options with their defaults. */
export interface ResolvedOptions {
  readonly threads: number;
  readonly folder: string | undefined;
  readonly kernels: 'auto' | 'off';
  readonly precision: Precision;
  /** The GPU to compute on; undefined for the CPU. */
  readonly gpu: GpuChoice | undefined;
}

/**
 * Checks the values of `TensorflowOptions` and fills in defaults.
 *
 * @param where the function that takes them, for the error
 * @throws TaggerError `INVALID_OPTION`
 */
export function resolveOptions(
  where: string,
  options: TensorflowOptions,
  cores: number,
  gpu?: GpuChoice,
): ResolvedOptions {
  const { threads = cores, folder, kernels = 'auto', precision = 'float32' } = options;
  const invalid = (what: string) => new TaggerError('INVALID_OPTION', `${where}: ${what}.`);
  if (!Number.isInteger(threads) || threads < 1 || threads > 1024) {
    throw invalid(`threads must be an integer in [1, 1024]; it is ${String(threads)}`);
  }
  if (folder !== undefined && (typeof folder !== 'string' || folder === '')) {
    throw invalid(`folder must be the path of a folder; it is ${String(folder)}`);
  }
  if (kernels !== 'auto' && kernels !== 'off') {
    throw invalid(`kernels must be 'auto' or 'off'; it is ${String(kernels)}`);
  }
  if (!PRECISIONS.includes(precision)) {
    throw invalid(`precision must be one of ${PRECISIONS.join(', ')}; it is ${String(precision)}`);
  }
  return { threads, folder, kernels, precision, gpu };
}
