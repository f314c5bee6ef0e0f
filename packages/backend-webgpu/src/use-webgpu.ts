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
 * Makes TensorFlow.js compute on WebGPU: finds an adapter, registers the `webgpu` backend on a device of it, and sets it.
 * Await it once, before the first tensor. Values are read with `await tensor.data()`.
 *
 * Calling it again with the same options changes nothing and is cheap. With other options the backend is made anew and
 * the old one disposed of. `tf.removeBackend('webgpu')` does away with it and its device. In Node it does not keep the
 * process alive.
 *
 * @returns what was set up; `describeSetup` says it in a line
 * @throws TaggerError `INVALID_OPTION` where an option is out of its range, or asks for more than the adapter offers;
 * `NO_BACKEND` where there is no adapter, or the backend cannot be made anew because tensors lie on it
 */
export type UseWebgpu = (options?: WebgpuOptions) => Promise<WebgpuSetup>;

/** A backend that runs. */
interface Current {
  /** The options it was made with, as text. */
  readonly options: string;
  readonly setup: WebgpuSetup;
  disposed: boolean;
}

/** Makes `useWebgpu` for a platform. */
export function createUseWebgpu(platform: Platform): UseWebgpu {
  let current: Current | undefined;
  /** The call before; calls take effect one after the other. */
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
  /** Has something done when the backend is disposed of. */
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
      `useWebgpu: the webgpu backend of TensorFlow.js cannot be made: ${(cause as Error).message}. It needs the package ` +
        '@tensorflow/tfjs-backend-webgpu (`npm install @tensorflow/tfjs-backend-webgpu@4`).',
      { cause },
    );
  }
  // It would compute on the CPU what is small, and mix the rounding of two backends.
  tf.env().set('WEBGPU_CPU_FORWARD', false);
  const lost = guardBackend(backend, device);

  // TensorFlow.js disposes of the backend when it is removed, by whomever.
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

/** Makes tfjs's backend, which insists on a `navigator.gpu`; Node has none, and keeps none. */
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

/** Tensors lie on the device of their backend; with another backend of the same name they would be lost. */
function refuseToDropTensors(): void {
  const count = tf.findBackend(BACKEND)?.numDataIds() ?? 0;
  if (count === 0) return;
  throw new TaggerError(
    'NO_BACKEND',
    `useWebgpu: the webgpu backend is already in use with other options, and ${count} tensors lie on it. Call ` +
      'useWebgpu with these options before making tensors, or dispose of the tensors first.',
  );
}
