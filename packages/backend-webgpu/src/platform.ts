import type { FeatureLevel, ResolvedOptions } from './webgpu-options';

/** What tells Node from a browser. Each has one, and the package's entry for it chooses. */
export interface Platform {
  /**
   * Where to look for an adapter, in this order.
   *
   * @throws TaggerError `NO_BACKEND` with what is missing, if WebGPU is not available
   */
  places(options: ResolvedOptions): Promise<readonly Place[]>;
  /** What to do where no adapter was found: a sentence or two. */
  readonly advice: string;
  /** Makes what tfjs looks up globally available while its backend is made and used. @returns undoes it */
  provideGlobals(): Promise<() => void>;
}

/** A place to look for an adapter in. */
export interface Place {
  /** What it is, for messages. */
  readonly name: string;
  readonly featureLevel: FeatureLevel;
  /** The entry to WebGPU. */
  readonly gpu: Gpu;
}

/** `navigator.gpu`, as far as it is used here. */
export interface Gpu {
  requestAdapter(options: {
    powerPreference: 'high-performance' | 'low-power';
    featureLevel: FeatureLevel;
  }): Promise<GpuAdapter | null>;
}

/** `GPUAdapter`, as far as it is used here. */
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

/** `GPUDevice`, as far as it is used here. */
export interface GpuDevice {
  /** What it has: never less than what every device must have, whatever was asked for. */
  readonly limits: Readonly<Record<string, number>>;
  readonly lost: Promise<{ readonly reason: string; readonly message: string }>;
  addEventListener(type: 'uncapturederror', listener: (event: { error: { message: string } }) => void): void;
  destroy(): void;
}
