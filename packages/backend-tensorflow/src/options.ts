import { TaggerError } from '@taggerjs/nn';

import type { GpuChoice } from './gpu-choice';

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

/** Options with nothing left open. */
export interface ResolvedOptions {
  readonly threads: number;
  readonly folder: string | undefined;
  readonly kernels: 'auto' | 'off';
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
  const { threads = cores, folder, kernels = 'auto' } = options;
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
  return { threads, folder, kernels, gpu };
}
