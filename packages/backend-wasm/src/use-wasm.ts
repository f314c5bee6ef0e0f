import { TaggerError } from '@taggerjs/nn';
import * as tf from '@tensorflow/tfjs-core';

import { compileKernels } from './kernels/kernel-module';
import { startKernels } from './kernels/start-kernels';
import type { Platform } from './platform';
import { resolveOptions, SMALLEST_HEAP_MIB, type ResolvedOptions, type WasmOptions } from './wasm-options';
import { WasmRuntime } from './wasm-runtime';
import type { WasmSetup } from './wasm-setup';

const BACKEND = 'wasm';

/**
 * Makes TensorFlow.js compute on WebAssembly: registers its `wasm` backend with vector instructions and, if possible, threads,
 * and sets it. Await it once, before the first tensor.
 *
 * Calling it again with the same options changes nothing and is cheap. With other options it recreates the backend,
 * disposes of the old one and ends its threads. `tf.removeBackend('wasm')` removes it. In Node, neither its threads nor its
 * listeners keep the process alive or change how it exits.
 *
 * @returns what was set up; `describeSetup` describes it in one line
 * @throws TaggerError `INVALID_OPTION` if an option is out of its range; `NO_BACKEND` if the backend cannot be created, or
 * cannot be recreated because it still has tensors
 */
export type UseWasm = (options?: WasmOptions) => Promise<WasmSetup>;

/** Creates `useWasm` for a platform. */
export function createUseWasm(platform: Platform): UseWasm {
  let current:
    { readonly options: ResolvedOptions; readonly runtime: WasmRuntime; readonly setup: WasmSetup } | undefined;
  /** The previous call; calls take effect one after the other. */
  let previous: Promise<unknown> = Promise.resolve();

  const setUp = async (options: ResolvedOptions, threadsLimit: string | undefined): Promise<WasmSetup> => {
    if (current === undefined || current.runtime.disposed || !isSame(current.options, options)) {
      refuseToDropTensors();
      const { runtime, setup, register } = await create(platform, options);
      if (tf.findBackendFactory(BACKEND) !== null) tf.removeBackend(BACKEND);
      tf.registerBackend(BACKEND, () => runtime.backend, 2);
      register();
      current = { options, runtime, setup: { ...setup, ...(threadsLimit === undefined ? {} : { threadsLimit }) } };
    }
    if (tf.getBackend() !== BACKEND) await tf.setBackend(BACKEND);
    return current.setup;
  };

  return async (options = {}) => {
    const limit = platform.threadsLimit();
    const resolved = resolveOptions(options, limit === undefined ? platform.cores() : 1);
    if (limit !== undefined && resolved.threads > 1) {
      throw new TaggerError('NO_BACKEND', `useWasm: cannot use ${resolved.threads} threads: there are ${limit}.`);
    }
    const result = previous.then(() => setUp(resolved, limit));
    previous = result.catch(() => {});
    return result;
  };
}

/** A backend that is not registered yet, and neither are its kernels. */
interface Created {
  readonly runtime: WasmRuntime;
  readonly setup: WasmSetup;
  /** Registers the kernels, until the backend is disposed of. */
  readonly register: () => void;
}

async function create(platform: Platform, options: ResolvedOptions): Promise<Created> {
  if (typeof WebAssembly === 'undefined') {
    throw new TaggerError('NO_BACKEND', 'useWasm: WebAssembly is not available. Use a current browser or Node 20.');
  }
  const { threads, wasmPaths, initialMemoryMiB } = options;
  const shared = threads > 1;
  let runtime: WasmRuntime | undefined;
  try {
    const module = options.kernels === 'off' ? undefined : await compileKernels(platform, shared, options.relaxedSimd);
    const created = await platform.createBackend({ shared, threads: module === undefined ? threads : 1, wasmPaths });
    runtime = new WasmRuntime(created);
    if (initialMemoryMiB > SMALLEST_HEAP_MIB) runtime.reserve(initialMemoryMiB * 2 ** 20);
    const kernels = module === undefined ? undefined : await startKernels(runtime, module, threads, platform);
    return {
      runtime,
      setup: {
        backend: BACKEND,
        simd: created.simd,
        relaxedSimd: module?.relaxed ?? false,
        threads: kernels === undefined ? created.threads : threads,
        tfjsThreads: created.threads,
        ...(kernels === undefined && created.threads < threads
          ? { threadsLimit: `TensorFlow.js itself uses at most ${created.threads} here` }
          : {}),
        kernels: kernels?.names ?? [],
      },
      register: () => kernels?.register(options.replaceMatMul),
    };
  } catch (cause) {
    runtime?.backend.dispose();
    const reason = (cause as { message?: unknown } | null)?.message ?? cause;
    throw new TaggerError(
      'NO_BACKEND',
      `useWasm: cannot create the wasm backend of TensorFlow.js: ${String(reason)}. It needs the package ` +
        '@tensorflow/tfjs-backend-wasm (`npm install @tensorflow/tfjs-backend-wasm@4`) and its .wasm files. If it does ' +
        'not find them, pass their folder as the option wasmPaths.',
      { cause },
    );
  }
}

/** Tensors live on their backend's heap; another backend of the same name would read garbage. */
function refuseToDropTensors(): void {
  const count = tf.findBackend(BACKEND)?.numDataIds() ?? 0;
  if (count === 0) return;
  throw new TaggerError(
    'NO_BACKEND',
    `useWasm: the wasm backend is in use with other options, and has ${count} tensors. Call useWasm with these options ` +
      'before you make tensors, or dispose of the tensors first.',
  );
}

function isSame({ wasmPaths: a, ...rest }: ResolvedOptions, { wasmPaths: b, ...others }: ResolvedOptions): boolean {
  const names = Object.keys(rest) as (keyof typeof rest)[];
  return names.every((name) => rest[name] === others[name]) && JSON.stringify(a) === JSON.stringify(b);
}
