import '@tensorflow/tfjs-backend-cpu';
// Registers the gradients of TensorFlow.js's own operations, which a mapping of the user's may take.
import '@tensorflow/tfjs';

import { describeSetup, useWasm } from '@taggerjs/backend-wasm';
import * as tf from '@tensorflow/tfjs-core';

import { CliError } from '../errors';
import { importBackend } from './import-backend';

/** The backends that the command line sets up. */
export const BACKENDS = ['wasm', 'tensorflow', 'cuda', 'webgpu', 'cpu'] as const;

/** One of {@link BACKENDS}. */
export type BackendName = (typeof BACKENDS)[number];

/** Options of every command that computes. */
export const backendOptions = {
  backend: {
    choices: BACKENDS,
    default: 'wasm' as BackendName,
    describe: 'What computes: WebAssembly SIMD; TensorFlow on CPU or GPU; WebGPU; plain JavaScript (slow)',
  },
  threads: { type: 'number', describe: 'Threads of wasm, tensorflow or cuda [default: the cores there are]' },
} as const;

/** A backend that was set up. */
export interface BackendSetup {
  /** As the command line calls it. */
  readonly name: BackendName;
  /** For people: `WebAssembly SIMD, 2 threads`. */
  readonly description: string;
  /** Number of threads on the CPU. */
  readonly threads: number;
  /** The kernels of taggerjs's own in use. */
  readonly kernels: readonly string[];
}

/** What computes, as the options say. */
export interface BackendChoice {
  readonly backend: BackendName;
  readonly threads?: number | undefined;
}

/** Whether a backend's number of threads can be chosen. */
export function hasThreads(backend: BackendName): boolean {
  return backend !== 'cpu' && backend !== 'webgpu';
}

/** @throws CliError `USAGE` where a backend is given threads that it does not have */
export function checkBackend({ backend, threads = 1 }: BackendChoice): void {
  if (hasThreads(backend) || threads === 1) return;
  const how = backend === 'cpu' ? 'computes with one thread' : 'computes on the GPU';
  throw new CliError('USAGE', `--backend ${backend} ${how}. Leave --threads out, or take --backend wasm.`);
}

/**
 * Sets up the backend that the options ask for.
 *
 * @throws CliError `USAGE` where it is given threads that it does not have, or its package is not there; as `useWasm`,
 * `useTensorflow`, `useCuda`, `useWebgpu`
 */
export async function setUpBackend(options: BackendChoice): Promise<BackendSetup> {
  checkBackend(options);
  silenceAdvice();
  const { backend: name } = options;
  const threads = options.threads === undefined ? {} : { threads: options.threads };
  switch (name) {
    case 'cpu':
      await tf.setBackend('cpu');
      await tf.ready();
      return { name, description: 'plain JavaScript, 1 thread', threads: 1, kernels: [] };
    case 'wasm': {
      const setup = await useWasm(threads);
      return { name, description: describeSetup(setup), threads: setup.threads, kernels: setup.kernels };
    }
    case 'tensorflow': {
      const load = () => import('@taggerjs/backend-tensorflow');
      const loaded = await importBackend(name, '@taggerjs/backend-tensorflow', load);
      const setup = await loaded.useTensorflow(threads);
      return { name, description: loaded.describeSetup(setup), threads: setup.threads, kernels: setup.kernels };
    }
    case 'cuda': {
      const loaded = await importBackend(name, '@taggerjs/backend-cuda', () => import('@taggerjs/backend-cuda'));
      const setup = await loaded.useCuda({ ...threads, requireGpu: false });
      if (setup.noGpu !== undefined) {
        const why = `there is no GPU to compute on: ${setup.noGpu.replace(/\.$/, '')}`;
        throw new CliError('USAGE', `--backend cuda: ${why}. On the CPU it computes with --backend tensorflow.`);
      }
      return { name, description: loaded.describeSetup(setup), threads: setup.threads, kernels: setup.kernels };
    }
    case 'webgpu': {
      const loaded = await importBackend(name, '@taggerjs/backend-webgpu', () => import('@taggerjs/backend-webgpu'));
      // A software rasterizer is slow, not wrong, and the description says that it is one.
      const setup = await loaded.useWebgpu({ allowSoftware: true });
      return { name, description: loaded.describeSetup(setup), threads: 1, kernels: [] };
    }
  }
}

/** TensorFlow.js's backend `cpu` prints, at its first use in Node, that another is faster: nothing that a user of `tagger` can do. */
export function silenceAdvice(): void {
  (tf.findBackend('cpu') as { firstUse?: boolean }).firstUse = false;
}
