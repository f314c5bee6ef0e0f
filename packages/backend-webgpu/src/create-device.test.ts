import { createDevice } from './create-device';
import { fakeAdapter } from './testing/fake-gpu';

describe('createDevice', () => {
  it('requests the limits of the adapter, or those passed in', async () => {
    const adapter = fakeAdapter({ features: ['timestamp-query', 'shader-f16'] });
    const requestDevice = jest.spyOn(adapter, 'requestDevice');
    const { limits } = await createDevice(adapter, { maxBufferSize: 1024, minStorageBufferOffsetAlignment: 512 });
    expect(limits).toMatchObject({
      maxBufferSize: 1024,
      minStorageBufferOffsetAlignment: 512,
      maxStorageBufferBindingSize: 2 ** 27,
    });
    expect(requestDevice).toHaveBeenCalledWith({ requiredLimits: limits, requiredFeatures: ['timestamp-query'] });
  });

  it.each([
    [{ maxBufferSize: 2 ** 40 }, '2147483648'],
    [{ minStorageBufferOffsetAlignment: 128 }, '256'],
    [{ maxSpeed: 1 }, 'maxSpeed'],
  ])('refuses %j, and names %s', async (limits, value) => {
    const refused = createDevice(fakeAdapter(), limits as Record<string, number>);
    await expect(refused).rejects.toMatchObject({ code: 'INVALID_OPTION', message: expect.stringContaining(value) });
  });
});
