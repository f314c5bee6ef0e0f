import type { FeatureLevel, ResolvedOptions } from './webgpu-options';

/** Everything that differs between Node and browsers. The package's entry for each passes its implementation. */
export interface Platform {
  /**
   * Where to look for an adapter, in this order.
   *
   * @throws TaggerError `NO_BACKEND`, naming what is missing, if WebGPU is not available
   */
  places(options: ResolvedOptions): Promise<readonly Place[]>;
  /** What to do if no adapter was found: a sentence or two. */
  readonly advice: string;
  /** Defines the globals that tfjs looks up while its backend is created and used. @returns a function that removes them */
  provideGlobals(): Promise<() => void>;
}

/** A place to look for an adapter. */
export interface Place {
  /** Its description, for messages. */
  readonly name: string;
  readonly featureLevel: FeatureLevel;
  /** The entry to WebGPU. */
  readonly gpu: Gpu;
}

/** The parts of `navigator.gpu` that this package uses. */
export interface Gpu {
  requestAdapter(options: {
    powerPreference: 'high-performance' | 'low-power';
    featureLevel: FeatureLevel;
  }): Promise<GpuAdapter | null>;
}

/** The parts of `GPUAdapter` that this package uses. */
export interface GpuAdapter {
  readonly info: {
    readonly vendor: string;
    readonly architecture: string;
    readonly device: string;
    readonly description: string;
    readonly isFallbackAdapter?: boolean;
  };
  readonly features: ReadonlySet<string>;
  readonly limits: Readonly<Record<string, number>>;
  requestDevice(descriptor: {
    requiredFeatures: readonly string[];
    requiredLimits: Readonly<Record<string, number>>;
  }): Promise<GpuDevice>;
}

/** The parts of `GPUDevice` that this package uses. */
export interface GpuDevice {
  /** Its limits: at least those that every device must have, whatever was requested. */
  readonly limits: Readonly<Record<string, number>>;
  readonly lost: Promise<{ readonly reason: string; readonly message: string }>;
  addEventListener(type: 'uncapturederror', listener: (event: { error: { message: string } }) => void): void;
  destroy(): void;
}
