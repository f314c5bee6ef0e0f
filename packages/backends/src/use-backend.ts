import { describeSetup, useWasm, type WasmOptions } from '@taggerjs/backend-wasm';
import { checkOptionNames, TaggerError } from '@taggerjs/nn';
import * as tf from '@tensorflow/tfjs-core';

import { BACKENDS, hasThreads, type BackendName } from './backend-name';
import { notInstalled } from './not-installed';

/** Options of `useBackend`: those that several backends share. */
export interface BackendOptions {
  /**
   * Threads on the CPU: an integer, 1 or more. `cpu` and `webgpu` accept only 1.
   *
   * @default the cores available
   */
  readonly threads?: number | undefined;
  /**
   * Whether this project's kernels compute the operations of `@taggerjs/nn` that they exist for, or TensorFlow.js's own
   * operations compute everything (`'off'`).
   *
   * @default 'auto'
   */
  readonly kernels?: 'auto' | 'off' | undefined;
  /** For `wasm` in a browser: where TensorFlow.js's .wasm files are. @default the folder of the script */
  readonly wasmPaths?: WasmOptions['wasmPaths'] | undefined;
}

/** The backend that `useBackend` set up. */
export interface BackendSetup {
  /** The name that `useBackend` received. */
  readonly name: BackendName;
  /** The name in TensorFlow.js: `tensorflow` for `cuda` too. */
  readonly backend: string;
  /** One line for people: `WebAssembly SIMD, 2 threads, 41 custom kernels`. */
  readonly description: string;
  /** Threads on the CPU. */
  readonly threads: number;
  /** The operations of `@taggerjs/nn`, by kernel name, that this project's kernels compute. */
  readonly kernels: readonly string[];
}

/**
 * Sets up a backend by its name, and makes it the current backend of TensorFlow.js. Await it once, before the first tensor.
 * It imports the package of the backend when it is called; those of `tensorflow`, `cuda` and `webgpu` are optional. For
 * options that only one backend has, call `useWasm`, `useTensorflow`, `useCuda` or `useWebgpu` of its package.
 *
 * `webgpu` accepts a software rasterizer, and the description says so.
 *
 * @throws TaggerError `NOT_INSTALLED` if the package of the backend is missing: the message has the command that installs
 * it; `NO_BACKEND` if the backend cannot be used here; `INVALID_OPTION` if the name is unknown or an option is out of its
 * range
 */
export async function useBackend(name: BackendName, options: BackendOptions = {}): Promise<BackendSetup> {
  if (!BACKENDS.includes(name)) {
    throw new TaggerError(
      'INVALID_OPTION',
      `useBackend: unknown backend '${String(name)}'. Use one of ${BACKENDS.join(', ')}.`,
    );
  }
  checkOptionNames('useBackend', options, ['threads', 'kernels', 'wasmPaths']);
  const { threads, kernels = 'auto', wasmPaths } = options;
  if (!hasThreads(name) && threads !== undefined && threads !== 1) {
    throw new TaggerError('INVALID_OPTION', `useBackend: the backend ${name} has one thread. Leave out threads.`);
  }
  const shared = { kernels, ...(threads !== undefined && { threads }) };
  // Each import() stands alone, with a `catch`: bundlers then only warn if the optional package is missing.
  switch (name) {
    case 'wasm': {
      const setup = await useWasm({ ...shared, ...(wasmPaths !== undefined && { wasmPaths }) });
      return { name, ...shown(setup), description: describeSetup(setup) };
    }
    case 'tensorflow': {
      const tensorflow = await import('@taggerjs/backend-tensorflow').catch(notInstalled(name));
      const setup = await tensorflow.useTensorflow(shared);
      return { name, ...shown(setup), description: tensorflow.describeSetup(setup) };
    }
    case 'cuda': {
      const cuda = await import('@taggerjs/backend-cuda').catch(notInstalled(name));
      const setup = await cuda.useCuda(shared);
      return { name, ...shown(setup), description: cuda.describeSetup(setup) };
    }
    case 'webgpu': {
      const webgpu = await import('@taggerjs/backend-webgpu').catch(notInstalled(name));
      const setup = await webgpu.useWebgpu({ allowSoftware: true });
      return { name, backend: setup.backend, description: webgpu.describeSetup(setup), threads: 1, kernels: [] };
    }
    case 'cpu': {
      await import('@tensorflow/tfjs-backend-cpu');
      // At its first use in Node it would print that other backends are faster.
      (tf.findBackend('cpu') as { firstUse?: boolean }).firstUse = false;
      await tf.setBackend('cpu');
      return { name, backend: 'cpu', description: 'plain JavaScript, 1 thread', threads: 1, kernels: [] };
    }
  }
}

/** The fields that the setups of all backends with threads share. */
function shown({ backend, threads, kernels }: Pick<BackendSetup, 'backend' | 'threads' | 'kernels'>) {
  return { backend, threads, kernels };
}
