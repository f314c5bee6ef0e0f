import { TaggerError } from '@taggerjs/nn';

import type { GpuAdapter, GpuDevice } from './platform';

/** The limits that tfjs makes use of: it takes the adapter's instead of the small ones that every device has. */
const USED_LIMITS = [
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
  'maxStorageBufferBindingSize',
  'maxBufferSize',
  'maxComputeWorkgroupSizeX',
  'maxComputeInvocationsPerWorkgroup',
];

/**
 * Makes a device of an adapter, with the limits that are asked for, and the adapter's own otherwise.
 *
 * @returns the device, with those limits of it
 * @throws TaggerError `INVALID_OPTION` where the adapter has no such limit, or less
 */
export async function createDevice(
  adapter: GpuAdapter,
  wanted: Readonly<Record<string, number>>,
): Promise<{ readonly device: GpuDevice; readonly limits: Readonly<Record<string, number>> }> {
  const requiredLimits: Record<string, number> = {};
  for (const name of [...USED_LIMITS, ...Object.keys(wanted)]) {
    const most = adapter.limits[name];
    if (most === undefined) {
      throw new TaggerError('INVALID_OPTION', `useWebgpu: limits.${name}: the adapter has no limit of this name.`);
    }
    requiredLimits[name] = wanted[name] ?? most;
  }
  for (const [name, value] of Object.entries(wanted)) {
    const most = adapter.limits[name] as number;
    // Those that begin with `min` are alignments: the smaller, the better.
    if (name.startsWith('min') ? value >= most : value <= most) continue;
    throw new TaggerError('INVALID_OPTION', `useWebgpu: limits.${name} is ${value}, but the adapter offers ${most}.`);
  }
  const requiredFeatures = ['timestamp-query'].filter((feature) => adapter.features.has(feature));
  const device = await adapter.requestDevice({ requiredFeatures, requiredLimits });
  const limits = Object.keys(requiredLimits).map((name) => [name, device.limits[name] as number]);
  return { device, limits: Object.fromEntries(limits) as Record<string, number> };
}
