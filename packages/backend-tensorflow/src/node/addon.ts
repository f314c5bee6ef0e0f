import { join } from 'node:path';

import { TaggerError } from '@taggerjs/nn';

import type { CudaGpu, TensorflowDevice } from '../tensorflow-setup';
import { PLACES, type Installation } from '../installation/installation';
import { BINDING_VERSION } from '../installation/manifest';
import { setupCommand } from '../installation/variant';

/** What tfjs-node's own binding exports, as far as this package uses it. */
export interface TfjsNodeBinding {
  createTensor(shape: readonly number[], dtype: number, values: ArrayBufferView): number;
  deleteTensor(id: number): void;
  executeOp(
    name: string,
    attributes: readonly object[],
    inputs: readonly number[],
    outputs: number,
  ): { id: number; shape: number[]; dtype: number }[];
  readonly TF_FLOAT: number;
  readonly TF_BOOL: number;
  readonly TF_ATTR_TYPE: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_FLOAT: number;
  readonly TF_ATTR_INT: number;
}

/** What NVIDIA's driver reports about itself and the GPUs. */
export type CudaDriver =
  | { /** Why its library cannot be loaded. */ readonly missing: string }
  | {
      /** 1000 major + 10 minor of the newest CUDA that it runs; 0: unknown. */
      readonly version: number;
      /** The driver's error; 0: none. */
      readonly error: number;
      readonly errorText: string;
      readonly gpus: readonly CudaGpu[];
    };

/** What the C++ module of this package exports (binding/binding.cc). */
export interface Addon {
  readonly bindingVersion: number;
  readonly tensorflowVersion: string;
  /** Makes TensorFlow's context from a serialized ConfigProto, and tfjs-node's binding in it; once. */
  create(config: Uint8Array): { readonly backend: TfjsNodeBinding; readonly devices: readonly TensorflowDevice[] };
  /** Loads a library. Returns the dynamic linker's message if that fails. */
  whyNotLoaded(library: string): string | undefined;
  cudaDriver(): CudaDriver;
  /** The processor levels that this machine has and kernels are compiled for; bindings older than the kernels lack it. */
  cpuLevels?(): readonly string[];
  /** Loads the kernels of a library (binding/kernels), and starts their threads. Needs a context. */
  loadKernels?(library: string, threads: number): LoadedKernels;
}

/** The kernels of this package, which the binding calls without TensorFlow's executor. */
export interface LoadedKernels {
  /** By their index. */
  readonly names: readonly string[];
  /**
   * The numbers of a call; its layout is documented at `Caller::Run` in binding/binding.cc. A call creates no objects, which
   * would take longer than small kernels.
   */
  readonly numbers: Float64Array;
  /** Runs the kernel that the numbers describe, and replaces them with a description of its outputs. */
  run(): void;
  /** The instructions for bfloat16 products that the processor has. */
  readonly bfloat16?: string;
}

/**
 * Loads the C++ module of an installation.
 *
 * @throws TaggerError `NO_BACKEND` with the dynamic linker's message if that fails
 */
export function loadAddon(where: string, { folder, manifest }: Installation): Addon {
  const file = join(folder, PLACES.addon);
  const module = { exports: {} as Addon };
  const again = `Run \`${setupCommand(manifest.variant)} --force\` to set it up again.`;
  try {
    process.dlopen(module, file);
  } catch (cause) {
    throw new TaggerError(
      'NO_BACKEND',
      `${where}: TensorFlow ${manifest.tensorflow.version} in ${folder} cannot be loaded: ` +
        `${String((cause as { message?: unknown }).message ?? cause)}. ${again}`,
      { cause },
    );
  }
  const { bindingVersion } = module.exports;
  if (bindingVersion !== BINDING_VERSION) {
    throw new TaggerError(
      'NO_BACKEND',
      `${where}: the binding in ${folder} has version ${bindingVersion}, expected ${BINDING_VERSION}. ${again}`,
    );
  }
  return module.exports;
}
