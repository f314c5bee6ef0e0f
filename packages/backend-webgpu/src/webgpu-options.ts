import { TaggerError } from '@taggerjs/nn';

/** How much of WebGPU an adapter offers. Both levels have everything that TensorFlow.js needs. */
export type FeatureLevel = 'core' | 'compatibility';

/** The graphics interfaces that Dawn can use, depending on the system. */
export type DawnBackend = 'vulkan' | 'metal' | 'd3d12' | 'd3d11' | 'opengl' | 'opengles';

/** Options of `useWebgpu`. */
export interface WebgpuOptions {
  /**
   * The preferred adapter, if there are several: the fastest one, or the one that uses the least power.
   *
   * @default 'high-performance'
   */
  readonly powerPreference?: 'high-performance' | 'low-power';
  /**
   * The only feature level to request.
   *
   * @default 'core', then 'compatibility', which older drivers and OpenGL ES offer
   */
  readonly featureLevel?: FeatureLevel;
  /**
   * Whether to accept a software rasterizer without a GPU. It computes the same, for tests, but is slower than the other
   * backends on a CPU.
   *
   * @default false
   */
  readonly allowSoftware?: boolean;
  /**
   * Device limits, by WebGPU's names, such as `{ maxStorageBufferBindingSize: 2 ** 28 }`. The device always has WebGPU's
   * defaults (2 ** 27 for this one).
   *
   * @default the adapter's, for those that TensorFlow.js uses
   */
  readonly limits?: Readonly<Record<string, number>>;
  /** Only in Node: how Dawn looks for adapters. */
  readonly dawn?: {
    /** The only graphics interface to use. @default Dawn's choice, then OpenGL ES */
    readonly backend?: DawnBackend;
    /** The adapter with this name, or part of it. @default any */
    readonly adapter?: string;
    /** Toggles of Dawn to turn on. @default none */
    readonly enable?: readonly string[];
    /** Toggles of Dawn to turn off. @default none */
    readonly disable?: readonly string[];
  };
}

/** Options with their defaults. */
export interface ResolvedOptions {
  readonly powerPreference: 'high-performance' | 'low-power';
  readonly featureLevels: readonly FeatureLevel[];
  readonly allowSoftware: boolean;
  readonly limits: Readonly<Record<string, number>>;
  readonly dawn: NonNullable<WebgpuOptions['dawn']>;
}

const BACKENDS: readonly DawnBackend[] = ['vulkan', 'metal', 'd3d12', 'd3d11', 'opengl', 'opengles'];

/**
 * Checks options and fills in defaults.
 *
 * @throws TaggerError `INVALID_OPTION`
 */
export function resolveOptions({
  powerPreference = 'high-performance',
  featureLevel,
  allowSoftware = false,
  limits = {},
  dawn = {},
}: WebgpuOptions): ResolvedOptions {
  checkOneOf('powerPreference', powerPreference, ['high-performance', 'low-power']);
  if (featureLevel !== undefined) checkOneOf('featureLevel', featureLevel, ['core', 'compatibility']);
  checkOneOf('allowSoftware', allowSoftware, [true, false]);
  if (dawn.backend !== undefined) checkOneOf('dawn.backend', dawn.backend, BACKENDS);
  for (const [name, value] of Object.entries(limits)) {
    if (Number.isSafeInteger(value) && value >= 0) continue;
    throw invalid(`limits.${name} must be an integer, 0 or more; it is ${String(value)}`);
  }
  return {
    powerPreference,
    featureLevels: featureLevel === undefined ? ['core', 'compatibility'] : [featureLevel],
    allowSoftware,
    limits,
    dawn,
  };
}

function checkOneOf<T>(name: string, value: T, allowed: readonly T[]): void {
  if (allowed.includes(value)) return;
  const quote = (one: unknown) => (typeof one === 'string' ? `'${one}'` : String(one));
  throw invalid(`${name} must be ${allowed.map(quote).join(' or ')}; it is ${quote(value)}`);
}

function invalid(reason: string): TaggerError {
  return new TaggerError('INVALID_OPTION', `useWebgpu: ${reason}.`);
}
