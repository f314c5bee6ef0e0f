import { TaggerError } from '@taggerjs/nn';
import * as tf from '@tensorflow/tfjs-core';

import { createDevice } from './create-device';
import { findAdapter } from './find-adapter';
import { guardBackend } from './guard-backend';
import { loadTfjsWebgpu, type TfjsWebgpu } from './load-tfjs-webgpu';
import type { GpuAdapter, GpuDevice, Platform } from './platform';
import { resolveOptions, type ResolvedOptions, type WebgpuOptions } from './webgpu-options';
import type { WebgpuSetup } from './webgpu-setup';

const BACKEND = 'webgpu';

/**
 * Makes TensorFlow.js compute on WebGPU: finds an adapter, registers the `webgpu` backend on its device, and sets it.
 * Await it once, before the first tensor. Values are read with `await tensor.data()`.
 *
 * Calling it again with the same options changes nothing and is cheap. With other options it recreates the backend
 * and disposes of the old one. `tf.removeBackend('webgpu')` removes it and its device. In Node it does not keep the process
 * alive.
 *
 * @returns what was set up; `describeSetup` describes it in one line
 * @throws TaggerError `INVALID_OPTION` if an option is out of its range, or more than the adapter offers; `NO_BACKEND` if
 * there is no adapter, or the backend cannot be recreated because it still has tensors
 */
export type UseWebgpu = (options?: WebgpuOptions) => Promise<WebgpuSetup>;

/** A running backend. */
interface Current {
  /** Its options, as text. */
  readonly options: string;
  readonly setup: WebgpuSetup;
  disposed: boolean;
}

/** Creates `useWebgpu` for a platform. */
export function createUseWebgpu(platform: Platform): UseWebgpu {
  let current: Current | undefined;
  /** The previous call; calls take effect one after the other. */
  let previous: Promise<unknown> = Promise.resolve();

  const setUp = async (resolved: ResolvedOptions): Promise<WebgpuSetup> => {
    const options = JSON.stringify(resolved);
    if (current === undefined || current.disposed || current.options !== options) {
      refuseToDropTensors();
      const { backend, setup, onDispose } = await create(platform, resolved);
      if (tf.findBackendFactory(BACKEND) !== null) tf.removeBackend(BACKEND);
      tf.registerBackend(BACKEND, () => backend, 3);
      const made: Current = { options, setup, disposed: false };
      onDispose(() => (made.disposed = true));
      current = made;
    }
    if (tf.getBackend() !== BACKEND) await tf.setBackend(BACKEND);
    return current.setup;
  };

  return async (options = {}) => {
    const resolved = resolveOptions(options);
    const result = previous.then(() => setUp(resolved));
    previous = result.catch(() => {});
    return result;
  };
}

interface Created {
  readonly backend: tf.KernelBackend;
  readonly setup: WebgpuSetup;
  /** Adds something to do when the backend is disposed of. */
  onDispose(disposer: () => void): void;
}

async function create(platform: Platform, options: ResolvedOptions): Promise<Created> {
  const { adapter, featureLevel, software } = await findAdapter(platform, options);
  const { device, limits } = await createDevice(adapter, options.limits);
  const removeGlobals = await platform.provideGlobals();
  const disposers = [removeGlobals, () => device.destroy()];
  let backend: tf.KernelBackend;
  try {
    backend = construct(await loadTfjsWebgpu(), device, adapter);
  } catch (cause) {
    for (const disposer of disposers) disposer();
    throw new TaggerError(
      'NO_BACKEND',
      `useWebgpu: cannot create the webgpu backend of TensorFlow.js: ${(cause as Error).message}. It needs the package ` +
        '@tensorflow/tfjs-backend-webgpu (`npm install @tensorflow/tfjs-backend-webgpu@4`).',
      { cause },
    );
  }
  // tfjs would compute small tensors on the CPU, which mixes the rounding of two backends.
  tf.env().set('WEBGPU_CPU_FORWARD', false);
  const lost = guardBackend(backend, device);

  // TensorFlow.js disposes of a backend when it is removed.
  const dispose = backend.dispose.bind(backend);
  let disposed = false;
  backend.dispose = () => {
    if (disposed) return;
    disposed = true;
    dispose();
    for (const disposer of disposers.reverse()) disposer();
  };

  const { vendor, architecture, device: name, description } = adapter.info;
  const setup: WebgpuSetup = {
    backend: BACKEND,
    adapter: { vendor, architecture, device: name, description },
    software,
    featureLevel,
    limits,
    lost,
  };
  return { backend, setup, onDispose: (disposer) => disposers.push(disposer) };
}

/** Creates tfjs's backend, which requires `navigator.gpu`. In Node it is defined only during this call. */
function construct({ WebGPUBackend }: TfjsWebgpu, device: GpuDevice, { info }: GpuAdapter): tf.KernelBackend {
  type Parameters = ConstructorParameters<typeof WebGPUBackend>;
  const make = () => new WebGPUBackend(device as unknown as Parameters[0], info as unknown as Parameters[1]);
  if ((globalThis.navigator as { gpu?: unknown } | undefined)?.gpu) return make();
  const before = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
  Object.defineProperty(globalThis, 'navigator', { configurable: true, value: { gpu: {} } });
  try {
    return make();
  } finally {
    if (before === undefined) delete (globalThis as { navigator?: unknown }).navigator;
    else Object.defineProperty(globalThis, 'navigator', before);
  }
}

/** Tensors are on their backend's device; another backend of the same name would lose them. */
function refuseToDropTensors(): void {
  const count = tf.findBackend(BACKEND)?.numDataIds() ?? 0;
  if (count === 0) return;
  throw new TaggerError(
    'NO_BACKEND',
    `useWebgpu: the webgpu backend is in use with other options, and has ${count} tensors. Call useWebgpu with these ` +
      'options before you make tensors, or dispose of the tensors first.',
  );
}
