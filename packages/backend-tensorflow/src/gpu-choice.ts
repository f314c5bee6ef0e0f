import type { CudaDriver } from './node/addon';
import type { MissingLibrary } from './node/cuda-libraries';

/** Which GPU TensorFlow computes on, and what happens without one. */
export interface GpuChoice {
  /** The index of the GPU among those that CUDA sees; an integer, 0 or more. */
  readonly device: number;
  /** `'grow'`: take memory when it is needed. A number in (0, 1]: take that share of the GPU's memory at once, and no more. */
  readonly memory: 'grow' | number;
  /** Whether a missing GPU is an error. If not, the CPU computes, and the setup has the reason as `noGpu`. */
  readonly required: boolean;
  /** Says why TensorFlow cannot use the GPU and what to do about it, without a period at the end. */
  explain(facts: NoGpuFacts): string;
}

/** What is known when TensorFlow finds no GPU. */
export interface NoGpuFacts {
  /** The version of TensorFlow. */
  readonly tensorflow: string;
  /** The version of CUDA that TensorFlow was built for; undefined if it was built without CUDA. */
  readonly cuda: string | undefined;
  /** What NVIDIA's driver reports. */
  readonly driver: CudaDriver;
  /** CUDA's libraries that cannot be loaded. */
  readonly missingLibraries: readonly MissingLibrary[];
  /** The index of the requested GPU. */
  readonly device: number;
  /** The value of CUDA_VISIBLE_DEVICES. */
  readonly visibleDevices: string | undefined;
}
