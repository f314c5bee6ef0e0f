import type { TensorflowOptions, TensorflowSetup } from '@taggerjs/backend-tensorflow';
import { checkOptionNames, TaggerError } from '@taggerjs/nn';

/** Options of `useCuda`. */
export interface CudaOptions extends TensorflowOptions {
  /**
   * Which GPU computes: its index, counted from 0 among the GPUs that CUDA_VISIBLE_DEVICES allows.
   *
   * @default 0
   */
  readonly device?: number;
  /**
   * `'grow'`: take memory of the GPU when it is needed, and keep it. A number in (0, 1]: take that share of the memory
   * at once, and no more.
   *
   * @default 'grow'
   */
  readonly memory?: 'grow' | number;
  /**
   * Whether a missing GPU is an error. If not, TensorFlow's CPU kernels compute, and the setup has the reason as `noGpu`.
   *
   * @default true
   */
  readonly requireGpu?: boolean;
}

/**
 * Makes TensorFlow.js compute on an NVIDIA GPU with TensorFlow, in Node: registers the backend of
 * `@tensorflow/tfjs-node-gpu`, named `tensorflow`, and sets it. Await it once, before the first tensor.
 *
 * A process loads TensorFlow once: calling this again with the same options changes nothing, with other options it throws.
 *
 * @returns what was set up; `describeSetup` describes it in one line
 * @throws TaggerError `INVALID_OPTION` if an option is out of its range; `NO_BACKEND` if TensorFlow is not set up
 * (run `npx taggerjs-setup-tensorflow --cuda`), cannot be loaded, is already loaded with other options, or, unless
 * `requireGpu` is false, finds no GPU: the message explains why
 */
export type UseCuda = (options?: CudaOptions) => Promise<TensorflowSetup>;

/**
 * Checks the options that `useCuda` adds to those of `useTensorflow`, and fills in defaults.
 *
 * @throws TaggerError `INVALID_OPTION`
 */
export function resolveCudaOptions(options: CudaOptions) {
  checkOptionNames('useCuda', options, [
    ...['threads', 'folder', 'kernels', 'precision'],
    ...['device', 'memory', 'requireGpu'],
  ]);
  const { device = 0, memory = 'grow', requireGpu = true, ...common } = options;
  const invalid = (what: string) => new TaggerError('INVALID_OPTION', `useCuda: ${what}.`);
  if (!Number.isInteger(device) || device < 0) {
    throw invalid(`device must be the index of a GPU, 0 or more; it is ${String(device)}`);
  }
  if (memory !== 'grow' && !(typeof memory === 'number' && memory > 0 && memory <= 1)) {
    throw invalid(`memory must be 'grow' or a share in (0, 1]; it is ${String(memory)}`);
  }
  if (typeof requireGpu !== 'boolean') {
    throw invalid(`requireGpu must be a boolean; it is ${String(requireGpu)}`);
  }
  return { common, gpu: { device, memory, required: requireGpu } };
}
