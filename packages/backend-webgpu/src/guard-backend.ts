import { TaggerError } from '@taggerjs/nn';
import type { DataId, KernelBackend } from '@tensorflow/tfjs-core';

import type { GpuDevice } from './platform';

/**
 * Makes a backend report errors of its device. WebGPU reports errors asynchronously, including out-of-memory, and continues
 * with wrong values; a guarded backend throws them at the next read. A synchronous read needs a canvas, and throws an error
 * without one.
 *
 * @returns resolves with the reason when the device is lost, except when it was destroyed
 */
export function guardBackend(backend: KernelBackend, device: GpuDevice): Promise<string> {
  let failure: TaggerError | undefined;
  const fail = (reason: string) => {
    failure ??= new TaggerError(
      'BACKEND_FAILED',
      `The WebGPU device failed: ${reason}. Discard the results computed since. ` +
        "Call tf.removeBackend('webgpu'), then useWebgpu again. If memory ran out, use smaller batches.",
    );
  };
  device.addEventListener('uncapturederror', ({ error }) => fail(error.message));
  const lost = new Promise<string>((resolve) => {
    void device.lost.then(({ reason, message }) => {
      if (reason === 'destroyed') return;
      fail(`it was lost (${message})`);
      resolve(message);
    });
  });

  const read = backend.read.bind(backend);
  backend.read = async (dataId) => {
    const values = await read(dataId).catch((error: unknown) => {
      throw failure ?? error;
    });
    if (failure !== undefined) throw failure;
    return values;
  };
  const readSync = backend.readSync.bind(backend);
  backend.readSync = (dataId) => {
    if (typeof OffscreenCanvas === 'undefined' && !isOnCpu(backend, dataId)) {
      throw new TaggerError(
        'BACKEND_FAILED',
        'WebGPU cannot read tensors synchronously here. Use `await tensor.data()` instead of `tensor.dataSync()`.',
      );
    }
    return readSync(dataId);
  };
  return lost;
}

/** Whether a tensor's values are already on the CPU: the device has not used it yet, or it was read before. */
function isOnCpu(backend: KernelBackend, dataId: DataId): boolean {
  const { tensorMap } = backend as unknown as {
    tensorMap: { get(dataId: DataId): { values?: unknown; dtype: string; complexTensorInfos?: unknown } };
  };
  const { values, dtype, complexTensorInfos } = tensorMap.get(dataId);
  return (values !== null && values !== undefined) || dtype === 'string' || complexTensorInfos !== undefined;
}
