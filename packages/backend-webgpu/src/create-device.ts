import { TaggerError } from '@taggerjs/nn';

import type { GpuAdapter, GpuDevice } from './platform';

/** The limits that tfjs uses. It gets the adapter's limits instead of WebGPU's small defaults. */
const USED_LIMITS = [
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
  'maxStorageBufferBindingSize',
  'maxBufferSize',
  'maxComputeWorkgroupSizeX',
  'maxComputeInvocationsPerWorkgroup',
];

/**
 * Creates a device from an adapter, with the requested limits, and the adapter's limits otherwise.
 *
 * @returns the device, and these limits
 * @throws TaggerError `INVALID_OPTION` if the adapter does not have the limit, or offers less
 */
export async function createDevice(
  adapter: GpuAdapter,
  wanted: Readonly<Record<string, number>>,
): Promise<{ readonly device: GpuDevice; readonly limits: Readonly<Record<string, number>> }> {
  const requiredLimits: Record<string, number> = {};
  for (const name of [...USED_LIMITS, ...Object.keys(wanted)]) {
    const most = adapter.limits[name];
    if (most === undefined) {
      throw new TaggerError('INVALID_OPTION', `useWebgpu: limits.${name}: the adapter has no such limit.`);
    }
    requiredLimits[name] = wanted[name] ?? most;
  }
  for (const [name, value] of Object.entries(wanted)) {
    const most = adapter.limits[name] as number;
    // Limits that begin with `min` are alignments: smaller is better.
    if (name.startsWith('min') ? value >= most : value <= most) continue;
    throw new TaggerError('INVALID_OPTION', `useWebgpu: limits.${name} is ${value}, but the adapter offers ${most}.`);
  }
  const requiredFeatures = ['timestamp-query'].filter((feature) => adapter.features.has(feature));
  const device = await adapter.requestDevice({ requiredFeatures, requiredLimits });
  const limits = Object.keys(requiredLimits).map((name) => [name, device.limits[name] as number]);
  return { device, limits: Object.fromEntries(limits) as Record<string, number> };
}
