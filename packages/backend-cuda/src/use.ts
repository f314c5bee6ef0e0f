import type { CudaOptions, TensorflowOptions } from './options';
import type { TensorflowSetup } from './tensorflow-setup';

/**
 * Makes TensorFlow.js compute by TensorFlow's own CPU kernels (oneDNN), in Node: registers the backend of
 * `@tensorflow/tfjs-node`, named `tensorflow`, and sets it. Await it once, before the first tensor.
 *
 * A process loads TensorFlow once: calling this again with the same options changes nothing, with others it is an error.
 *
 * @returns what was set up; `describeSetup` says it in a line
 * @throws TaggerError `INVALID_OPTION` where an option is out of its range; `NO_BACKEND` where TensorFlow is not set up
 * (run `npx taggerjs-setup-tensorflow`), cannot be loaded, or is loaded with other options
 */
export type UseTensorflow = (options?: TensorflowOptions) => Promise<TensorflowSetup>;

/**
 * Makes TensorFlow.js compute on an NVIDIA GPU by TensorFlow, in Node: registers the backend of
 * `@tensorflow/tfjs-node-gpu`, named `tensorflow`, and sets it. Await it once, before the first tensor.
 *
 * A process loads TensorFlow once: calling this again with the same options changes nothing, with others it is an error.
 *
 * @returns what was set up; `describeSetup` says it in a line
 * @throws TaggerError `INVALID_OPTION` where an option is out of its range; `NO_BACKEND` where TensorFlow is not set up
 * (run `npx taggerjs-setup-tensorflow --cuda`), cannot be loaded, is loaded with other options, or, unless `requireGpu` is
 * false, finds no GPU: the message says why
 */
export type UseCuda = (options?: CudaOptions) => Promise<TensorflowSetup>;
