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
 * Makes TensorFlow.js compute on WebAssembly: registers its `wasm` backend with vector instructions and, where they
 * are possible, threads, and sets it. Await it once, before the first tensor.
 *
 * Calling it again with the same options changes nothing and is cheap. With other options the backend is made anew and
 * the old one disposed of, its threads ended. `tf.removeBackend('wasm')` does away with it altogether. In Node neither
 * its threads nor listeners of it keep the process alive or change how it dies.
 *
 * @returns what was set up; `describeSetup` says it in a line
 * @throws TaggerError `INVALID_OPTION` where an option is out of its range; `NO_BACKEND` where the backend cannot be
 * had, or cannot be made anew because tensors lie on it
 */
export type UseWasm = (options?: WasmOptions) => Promise<WasmSetup>;

/** Makes `useWasm` for a platform. */
export function createUseWasm(platform: Platform): UseWasm {
  let current:
    { readonly options: ResolvedOptions; readonly runtime: WasmRuntime; readonly setup: WasmSetup } | undefined;
  /** The call before; calls take effect one after the other. */
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
      throw new TaggerError(
        'NO_BACKEND',
        `useWasm: ${resolved.threads} threads were asked for, but there are ${limit}.`,
      );
    }
    const result = previous.then(() => setUp(resolved, limit));
    previous = result.catch(() => {});
    return result;
  };
}

/** A backend that runs, not registered yet, nor are its kernels. */
interface Created {
  readonly runtime: WasmRuntime;
  readonly setup: WasmSetup;
  /** Registers the kernels; the backend's disposal takes them back. */
  readonly register: () => void;
}

async function create(platform: Platform, options: ResolvedOptions): Promise<Created> {
  if (typeof WebAssembly === 'undefined') {
    throw new TaggerError('NO_BACKEND', 'useWasm: there is no WebAssembly here. Use a current browser or Node 20.');
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
          ? { threadsLimit: `TensorFlow.js itself takes no more than ${created.threads} here` }
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
      `useWasm: the wasm backend of TensorFlow.js cannot be made: ${String(reason)}. It needs the package ` +
        '@tensorflow/tfjs-backend-wasm (`npm install @tensorflow/tfjs-backend-wasm@4`) and its .wasm files; say with ' +
        'the option wasmPaths where they are, if they are not found by themselves.',
      { cause },
    );
  }
}

/** Tensors lie on the heap of their backend; with another backend of the same name they would be garbage. */
function refuseToDropTensors(): void {
  const count = tf.findBackend(BACKEND)?.numDataIds() ?? 0;
  if (count === 0) return;
  throw new TaggerError(
    'NO_BACKEND',
    `useWasm: the wasm backend is already in use with other options, and ${count} tensors lie on it. Call useWasm with ` +
      'these options before making tensors, or dispose of the tensors first.',
  );
}

function isSame({ wasmPaths: a, ...rest }: ResolvedOptions, { wasmPaths: b, ...others }: ResolvedOptions): boolean {
  const names = Object.keys(rest) as (keyof typeof rest)[];
  return names.every((name) => rest[name] === others[name]) && JSON.stringify(a) === JSON.stringify(b);
}
