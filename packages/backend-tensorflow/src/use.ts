import type { TensorflowOptions } from './options';
import type { TensorflowSetup } from './tensorflow-setup';

/**
 * Makes TensorFlow.js compute with TensorFlow's own CPU kernels (oneDNN) in Node: registers the backend of
 * `@tensorflow/tfjs-node`, named `tensorflow`, and sets it. Await it once, before the first tensor.
 *
 * A process loads TensorFlow once: calling this again with the same options changes nothing, with other options it throws.
 *
 * @returns what was set up; `describeSetup` describes it in one line
 * @throws TaggerError `INVALID_OPTION` if an option is out of its range; `NO_BACKEND` if TensorFlow is not set up
 * (run `npx taggerjs-setup-tensorflow`), cannot be loaded, or is already loaded with other options
 */
export type UseTensorflow = (options?: TensorflowOptions) => Promise<TensorflowSetup>;
