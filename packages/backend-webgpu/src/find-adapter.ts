import { TaggerError } from '@taggerjs/nn';

import type { GpuAdapter, Place, Platform } from './platform';
import type { FeatureLevel, ResolvedOptions } from './webgpu-options';

/** A suitable adapter. */
export interface FoundAdapter {
  readonly adapter: GpuAdapter;
  readonly featureLevel: FeatureLevel;
  readonly software: boolean;
}

/**
 * Finds an adapter: a GPU if there is one, else a software rasterizer if allowed.
 *
 * @throws TaggerError `NO_BACKEND` with where it looked, what it found, and what to do
 */
export async function findAdapter(platform: Platform, options: ResolvedOptions): Promise<FoundAdapter> {
  const outcomes: string[] = [];
  let rasterizer: FoundAdapter | undefined;
  for (const place of await platform.places(options)) {
    const adapter = await request(place, options, outcomes);
    if (adapter === undefined) continue;
    // An adapter may exceed the request: it may have all core features either way.
    const featureLevel = adapter.features.has('core-features-and-limits') ? 'core' : place.featureLevel;
    const found = { adapter, featureLevel, software: isSoftware(adapter) };
    if (!found.software) return found;
    rasterizer ??= found;
    outcomes.push(`${place.name}: ${nameOf(adapter)}, a software rasterizer`);
  }
  if (rasterizer !== undefined && options.allowSoftware) return rasterizer;
  const advice =
    rasterizer === undefined
      ? platform.advice
      : 'A software rasterizer computes the same, for tests: allow it by the option allowSoftware. To be fast without a ' +
        'GPU, use @taggerjs/backend-wasm.';
  throw new TaggerError('NO_BACKEND', `useWebgpu: no GPU supports WebGPU here (${outcomes.join('; ')}). ${advice}`);
}

async function request(
  { name, gpu, featureLevel }: Place,
  { powerPreference }: ResolvedOptions,
  outcomes: string[],
): Promise<GpuAdapter | undefined> {
  try {
    const adapter = await gpu.requestAdapter({ powerPreference, featureLevel });
    if (adapter !== null) return adapter;
    outcomes.push(`${name}: no adapter`);
  } catch (error) {
    outcomes.push(`${name}: ${(error as Error).message}`);
  }
  return undefined;
}

/** Rasterizers that do not always identify themselves as a fallback: Mesa's, SwiftShader, Windows's; and Dawn's null backend. */
const RASTERIZERS = /llvmpipe|lavapipe|softpipe|swiftshader|basic render|warp|null-backend/i;

/** Whether an adapter computes on the CPU. */
export function isSoftware({ info }: GpuAdapter): boolean {
  return info.isFallbackAdapter === true || RASTERIZERS.test(`${info.architecture} ${info.device} ${info.description}`);
}

function nameOf({ info }: GpuAdapter): string {
  const names = [info.vendor, info.architecture, info.device].filter((name) => name !== '');
  return names.length > 0 ? names.join(' ') : 'an adapter without a name';
}
