import { describeSetup, useWasm, type WasmOptions } from '@taggerjs/backend-wasm';
import { checkOptionNames, TaggerError } from '@taggerjs/nn';
import * as tf from '@tensorflow/tfjs-core';

import { BACKENDS, hasBfloat16, hasThreads, PRECISIONS, type BackendName, type Precision } from './backend-name';
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
  /**
   * The precision of matrix products. Only `tensorflow` and `cuda` have bfloat16. If the processor has no instructions for it,
   * `tensorflow` computes in float32, and the setup has the reason.
   *
   * @default 'float32'
   */
  readonly precision?: Precision | undefined;
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
  /** The precision of matrix products. */
  readonly precision: Precision;
  /** Why products are computed in float32, if bfloat16 was requested. */
  readonly noBfloat16?: string;
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
  checkOptionNames('useBackend', options, ['threads', 'kernels', 'precision', 'wasmPaths']);
  const { threads, kernels = 'auto', precision = 'float32', wasmPaths } = options;
  if (!hasThreads(name) && threads !== undefined && threads !== 1) {
    throw new TaggerError('INVALID_OPTION', `useBackend: the backend ${name} has one thread. Leave out threads.`);
  }
  if (!PRECISIONS.includes(precision)) {
    throw new TaggerError(
      'INVALID_OPTION',
      `useBackend: precision must be one of ${PRECISIONS.join(', ')}, not '${String(precision)}'.`,
    );
  }
  if (!hasBfloat16(name) && precision !== 'float32') {
    throw new TaggerError(
      'INVALID_OPTION',
      `useBackend: the backend ${name} has no precision ${precision}. Leave out precision, or use tensorflow or cuda.`,
    );
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
      const setup = await tensorflow.useTensorflow({ ...shared, precision });
      return { name, ...shown(setup), description: tensorflow.describeSetup(setup) };
    }
    case 'cuda': {
      const cuda = await import('@taggerjs/backend-cuda').catch(notInstalled(name));
      const setup = await cuda.useCuda({ ...shared, precision });
      return { name, ...shown(setup), description: cuda.describeSetup(setup) };
    }
    case 'webgpu': {
      const webgpu = await import('@taggerjs/backend-webgpu').catch(notInstalled(name));
      const setup = await webgpu.useWebgpu({ allowSoftware: true });
      return {
        name,
        ...shown({ backend: setup.backend, threads: 1, kernels: [] }),
        description: webgpu.describeSetup(setup),
      };
    }
    case 'cpu': {
      await import('@tensorflow/tfjs-backend-cpu');
      // At its first use in Node it would print that other backends are faster.
      (tf.findBackend('cpu') as { firstUse?: boolean }).firstUse = false;
      await tf.setBackend('cpu');
      return { name, ...shown({ backend: 'cpu', threads: 1, kernels: [] }), description: 'plain JavaScript, 1 thread' };
    }
  }
}

/** The fields that the setups share. */
function shown({
  backend,
  threads,
  kernels,
  precision = 'float32',
  noBfloat16,
}: Pick<BackendSetup, 'backend' | 'threads' | 'kernels' | 'noBfloat16'> & Partial<Pick<BackendSetup, 'precision'>>) {
  return { backend, threads, kernels, precision, ...(noBfloat16 !== undefined && { noBfloat16 }) };
}
