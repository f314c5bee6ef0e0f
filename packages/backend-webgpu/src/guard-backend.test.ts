import type { DataId, KernelBackend } from '@tensorflow/tfjs-core';

import { guardBackend } from './guard-backend';
import { fakeDevice } from './testing/fake-gpu';

function guarded() {
  const device = fakeDevice();
  const tensors = new Map<object, { values?: Float32Array; dtype: string }>();
  const backend = {
    tensorMap: tensors,
    read: async () => Float32Array.of(1),
    readSync: (dataId: object) => tensors.get(dataId)?.values,
  } as unknown as KernelBackend;
  return { device, tensors, backend, lost: guardBackend(backend, device) };
}
const id = {} as DataId;

describe('a guarded backend', () => {
  it('reads as before', async () => {
    expect(await guarded().backend.read(id)).toEqual(Float32Array.of(1));
  });

  it('throws the first error of the device at the next read', async () => {
    const { device, backend } = guarded();
    device.fail('out of memory');
    device.fail('what follows from it');
    await expect(backend.read(id)).rejects.toMatchObject({
      code: 'BACKEND_FAILED',
      message: expect.stringContaining('out of memory'),
    });
  });

  it('throws errors that are reported while it reads', async () => {
    const { device, backend } = guarded();
    const read = backend.read(id);
    device.fail('not valid');
    await expect(read).rejects.toMatchObject({ code: 'BACKEND_FAILED' });
  });

  it('reports that the device was lost', async () => {
    const { device, backend, lost } = guarded();
    device.lose('unknown', 'the driver was reset');
    expect(await lost).toBe('the driver was reset');
    await expect(backend.read(id)).rejects.toMatchObject({ message: expect.stringContaining('the driver was reset') });
  });

  it('does not report a device that was destroyed on purpose', async () => {
    const { device, backend, lost } = guarded();
    device.lose('destroyed', 'removed');
    await backend.read(id);
    expect(await Promise.race([lost, 'pending'])).toBe('pending');
  });

  it('refuses synchronous reads of tensors that are only on the device', () => {
    const { backend, tensors } = guarded();
    tensors.set(id, { dtype: 'float32' });
    expect(() => backend.readSync(id)).toThrow(expect.objectContaining({ code: 'BACKEND_FAILED' }));
    tensors.set(id, { dtype: 'float32', values: Float32Array.of(3) });
    expect(backend.readSync(id)).toEqual(Float32Array.of(3));
  });
});
