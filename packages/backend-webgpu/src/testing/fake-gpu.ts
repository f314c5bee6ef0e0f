import type { GpuAdapter, GpuDevice, Place, Platform } from '../platform';

/** A fake device. */
export interface FakeDevice extends GpuDevice {
  /** Reports an error, as a device does. */
  fail(message: string): void;
  lose(reason: 'unknown' | 'destroyed', message: string): void;
}

/** Creates a fake device. */
export function fakeDevice(limits: Readonly<Record<string, number>> = {}): FakeDevice {
  const listeners: ((event: { error: { message: string } }) => void)[] = [];
  let lose: FakeDevice['lose'] = () => {};
  const lost = new Promise<{ reason: string; message: string }>((resolve) => {
    lose = (reason, message) => resolve({ reason, message });
  });
  return {
    limits,
    lost,
    addEventListener: (_type, listener) => void listeners.push(listener),
    destroy() {},
    fail: (message) => listeners.forEach((listener) => listener({ error: { message } })),
    lose: (reason, message) => lose(reason, message),
  };
}

/** Creates a fake adapter. */
export function fakeAdapter({
  limits = {},
  features = ['core-features-and-limits'],
  ...info
}: Partial<GpuAdapter['info']> & { limits?: Record<string, number>; features?: string[] } = {}): GpuAdapter {
  return {
    info: { vendor: 'acme', architecture: 'anvil', device: '', description: '', ...info },
    features: new Set(features),
    limits: {
      maxComputeWorkgroupStorageSize: 32768,
      maxComputeWorkgroupsPerDimension: 65535,
      maxStorageBufferBindingSize: 2 ** 27,
      maxBufferSize: 2 ** 31,
      maxComputeWorkgroupSizeX: 1024,
      maxComputeInvocationsPerWorkgroup: 1024,
      minStorageBufferOffsetAlignment: 256,
      ...limits,
    },
    requestDevice: async ({ requiredLimits }) => fakeDevice(requiredLimits),
  };
}

/** A platform with these adapters, in numbered places; null if a place has none. */
export function fakePlatform(adapters: readonly (GpuAdapter | null | Error)[]): Platform {
  const places = adapters.map((adapter, i): Place => ({
    name: `place ${i + 1}`,
    featureLevel: i === 0 ? 'core' : 'compatibility',
    gpu: {
      requestAdapter: async () => {
        if (adapter instanceof Error) throw adapter;
        return adapter;
      },
    },
  }));
  return { places: async () => places, advice: 'Do this.', provideGlobals: async () => () => {} };
}
