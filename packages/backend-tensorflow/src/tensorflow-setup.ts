import type { Precision } from './precision';

/** A device that TensorFlow computes on. */
export interface TensorflowDevice {
  /** TensorFlow's name for it, such as `/job:localhost/replica:0/task:0/device:GPU:0`. */
  readonly name: string;
  /** `CPU`, `GPU`, or another type that TensorFlow knows. */
  readonly type: string;
  /** The most memory that TensorFlow takes of it, in bytes. For a CPU, TensorFlow always reports 256 MiB, which means nothing. */
  readonly memoryBytes: number;
}

/** A GPU as NVIDIA's driver describes it. */
export interface CudaGpu {
  /** Such as `NVIDIA H100 80GB HBM3`. */
  readonly name: string;
  /** Its total memory, in bytes. */
  readonly memoryBytes: number;
  /** Such as `9.0`. */
  readonly computeCapability: string;
}

/** What `useTensorflow` or `useCuda` set up. */
export interface TensorflowSetup {
  /** The name of the TensorFlow.js backend: that of `@tensorflow/tfjs-node`, on every device. */
  readonly backend: 'tensorflow';
  /** The version of TensorFlow, such as `2.20.0`. */
  readonly tensorflow: string;
  /** The version of CUDA that this TensorFlow was built for; undefined without CUDA. */
  readonly cuda?: string;
  /** What computes. */
  readonly device: 'cpu' | 'gpu';
  /** All devices of TensorFlow. */
  readonly devices: readonly TensorflowDevice[];
  /** The GPU that computes; undefined on the CPU. */
  readonly gpu?: CudaGpu;
  /** Why no GPU computes, if `useCuda` found none. */
  readonly noGpu?: string;
  /** Threads per operation on the CPU. */
  readonly threads: number;
  /** The operations of `@taggerjs/nn`, by kernel name, that this package's kernels compute. */
  readonly kernels: readonly string[];
  /** The precision of matrix products. */
  readonly precision: Precision;
  /** The processor's instructions that compute bfloat16 products, such as `AVX512-BF16`; undefined if none do. */
  readonly bfloat16?: string;
  /** Why products are computed in float32, if bfloat16 was requested. */
  readonly noBfloat16?: string;
  /** Why this package's kernels cannot compute on the CPU, if they were requested. */
  readonly noKernels?: string;
}

/**
 * Describes a setup in one line for people: `TensorFlow 2.20.0 on the CPU, 2 threads, 37 custom kernels` or
 * `TensorFlow 2.20.0, CUDA 12.5 on NVIDIA H100 (80 GB, compute capability 9.0)`.
 */
export function describeSetup(setup: TensorflowSetup): string {
  const { tensorflow, cuda, gpu, threads, kernels, precision, bfloat16, noGpu, noKernels, noBfloat16 } = setup;
  const parts: string[] = [];
  if (gpu === undefined) {
    parts.push(`TensorFlow ${tensorflow} on the CPU`, threads === 1 ? '1 thread' : `${threads} threads`);
  } else {
    const gigabytes = Math.round(gpu.memoryBytes / 1e9);
    parts.push(
      `TensorFlow ${tensorflow}${cuda === undefined ? '' : `, CUDA ${cuda}`} on ${gpu.name} (${gigabytes} GB, compute ` +
        `capability ${gpu.computeCapability})`,
    );
  }
  if (kernels.length > 0) parts.push(kernels.length === 1 ? '1 custom kernel' : `${kernels.length} custom kernels`);
  if (precision !== 'float32') parts.push(`products in ${precision}${bfloat16 === undefined ? '' : ` (${bfloat16})`}`);
  return (
    parts.join(', ') +
    (noGpu === undefined ? '' : `; no GPU: ${noGpu}`) +
    (noKernels === undefined ? '' : `; no custom kernels: ${noKernels}`) +
    (noBfloat16 === undefined ? '' : `; products in float32: ${noBfloat16}`)
  );
}
