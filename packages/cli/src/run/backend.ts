import '@tensorflow/tfjs-backend-cpu';
// Registers the gradients of TensorFlow.js's own operations, which a mapping of the user's may take.
import '@tensorflow/tfjs';

import { describeSetup, useWasm } from '@taggerjs/backend-wasm';
import * as tf from '@tensorflow/tfjs-core';

import { CliError } from '../errors';

/** The backends that the command line sets up. */
export const BACKENDS = ['wasm', 'cpu'] as const;

/** Options of every command that computes. */
export const backendOptions = {
  backend: {
    choices: BACKENDS,
    default: 'wasm' as (typeof BACKENDS)[number],
    describe: 'What computes: WebAssembly SIMD, or plain JavaScript (slow)',
  },
  threads: { type: 'number', describe: 'Threads of the wasm backend [default: the cores there are]' },
} as const;

/** A backend that was set up. */
export interface BackendSetup {
  readonly name: string;
  /** For people: `WebAssembly SIMD, 2 threads`. */
  readonly description: string;
  /** Number of threads. */
  readonly threads: number;
  /** The kernels of taggerjs's own in use. */
  readonly kernels: readonly string[];
}

/** What computes, as the options say. */
export interface BackendChoice {
  readonly backend: (typeof BACKENDS)[number];
  readonly threads?: number | undefined;
}

/** @throws CliError `USAGE` where a backend is given threads that it does not have */
export function checkBackend({ backend, threads = 1 }: BackendChoice): void {
  if (backend !== 'cpu' || threads === 1) return;
  throw new CliError('USAGE', '--backend cpu computes with one thread. Leave --threads out, or take --backend wasm.');
}

/**
 * Sets up the backend that the options ask for.
 *
 * @throws CliError `USAGE` where it is given threads that it does not have; as `useWasm`
 */
export async function setUpBackend(options: BackendChoice): Promise<BackendSetup> {
  checkBackend(options);
  silenceAdvice();
  if (options.backend === 'cpu') {
    await tf.setBackend('cpu');
    await tf.ready();
    return { name: 'cpu', description: 'plain JavaScript, 1 thread', threads: 1, kernels: [] };
  }
  const setup = await useWasm(options.threads === undefined ? {} : { threads: options.threads });
  const { backend: name, threads, kernels } = setup;
  return { name, description: describeSetup(setup), threads, kernels };
}

/** TensorFlow.js's backend `cpu` prints, at its first use in Node, that another is faster: nothing that a user of `tagger` can do. */
export function silenceAdvice(): void {
  (tf.findBackend('cpu') as { firstUse?: boolean }).firstUse = false;
}
