import { TaggerError } from '@taggerjs/nn';

/** How much of WebGPU an adapter offers; all that TensorFlow.js needs is in both. */
export type FeatureLevel = 'core' | 'compatibility';

/** The interfaces of graphics drivers that Dawn can use, each on the systems that have it. */
export type DawnBackend = 'vulkan' | 'metal' | 'd3d12' | 'd3d11' | 'opengl' | 'opengles';

/** What `useWebgpu` takes. */
export interface WebgpuOptions {
  /**
   * Which adapter is preferred where there are several: that of the most speed, or that of the least power.
   *
   * @default 'high-performance'
   */
  readonly powerPreference?: 'high-performance' | 'low-power';
  /**
   * The one feature level to ask for.
   *
   * @default 'core', then 'compatibility', which older drivers and OpenGL ES offer
   */
  readonly featureLevel?: FeatureLevel;
  /**
   * Whether a software rasterizer will do where there is no GPU. It computes the same, for tests, but more slowly than
   * the other backends on a CPU.
   *
   * @default false
   */
  readonly allowSoftware?: boolean;
  /**
   * Limits of the device, by the names that WebGPU gives them, such as `{ maxStorageBufferBindingSize: 2 ** 28 }`. What
   * WebGPU promises everywhere (2 ** 27 for this one) it has in any case.
   *
   * @default what the adapter has, for those that TensorFlow.js makes use of
   */
  readonly limits?: Readonly<Record<string, number>>;
  /** For Node alone: how Dawn looks for adapters. */
  readonly dawn?: {
    /** The one interface of drivers to use. @default Dawn's choice, then OpenGL ES */
    readonly backend?: DawnBackend;
    /** The adapter of this name, or part of a name. @default any */
    readonly adapter?: string;
    /** Toggles of Dawn to turn on. @default none */
    readonly enable?: readonly string[];
    /** Toggles of Dawn to turn off. @default none */
    readonly disable?: readonly string[];
  };
}

/** Options with nothing left open but what may be undefined. */
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
    throw invalid(`limits.${name} must be a whole number of at least 0; it is ${String(value)}`);
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
