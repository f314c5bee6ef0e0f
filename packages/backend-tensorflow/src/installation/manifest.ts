import type { Variant } from './variant';

/**
 * The version of what the C++ module of this package exports; equal to `kBindingVersion` in binding/binding.cc. Raise it when
 * the JavaScript can no longer use modules compiled before. Leave it for optional additions (`cpuLevels`, `loadKernels`):
 * installations without them keep working.
 */
export const BINDING_VERSION = 1;

/** What the setup command installed, as it recorded it in manifest.json. */
export interface Manifest {
  /** The layout of this file and of the folder. */
  readonly format: 1;
  readonly variant: Variant;
  readonly platform: string;
  readonly arch: string;
  readonly tensorflow: {
    /** What the library reports, such as `2.20.0`. */
    readonly version: string;
    /** Where it came from: the name of a wheel, a path, a URL. */
    readonly source: string;
    /** The version of CUDA it was built for, if known. */
    readonly cuda?: string;
    /** The version of cuDNN it was built for, if known. */
    readonly cudnn?: string;
  };
  /** The npm package whose JavaScript and C++ are used, such as `@tensorflow/tfjs-node@4.22.0`. */
  readonly tfjsNode: string;
  readonly binding: {
    readonly version: number;
    /** SHA-256 of the sources and of how they were compiled. */
    readonly hash: string;
    readonly compiler: string;
  };
  /** The kernels of this package for TensorFlow's CPU; undefined if the setup is older than they are. */
  readonly kernels?: {
    /** The processor levels that they were compiled for, the highest first. */
    readonly levels: readonly string[];
    /** The compiler's message if it could not compile them for a level. */
    readonly problem?: string;
  };
  /** CUDA libraries that were installed along, such as `nvidia-cublas-cu12-12.5.3.2`. */
  readonly cudaLibraries: readonly string[];
}

/** What is wrong with a manifest; undefined if it is complete, or of another format, which cannot be checked. */
export function manifestProblem(manifest: unknown, variant: Variant): string | undefined {
  if (!isObject(manifest)) return 'has no object';
  if (typeof manifest['format'] === 'number' && manifest['format'] !== 1) return undefined;
  const { tensorflow, binding, kernels, cudaLibraries } = manifest;
  const isText = (value: unknown) => typeof value === 'string';
  const isTextOrNone = (value: unknown) => value === undefined || isText(value);
  const isTexts = (value: unknown) => Array.isArray(value) && value.every(isText);
  const parts: Record<string, boolean> = {
    format: manifest['format'] === 1,
    variant: manifest['variant'] === variant,
    platform: isText(manifest['platform']),
    arch: isText(manifest['arch']),
    tensorflow:
      isObject(tensorflow) &&
      [tensorflow['version'], tensorflow['source']].every(isText) &&
      [tensorflow['cuda'], tensorflow['cudnn']].every(isTextOrNone),
    tfjsNode: isText(manifest['tfjsNode']),
    binding:
      isObject(binding) &&
      typeof binding['version'] === 'number' &&
      [binding['hash'], binding['compiler']].every(isText),
    kernels:
      kernels === undefined || (isObject(kernels) && isTexts(kernels['levels']) && isTextOrNone(kernels['problem'])),
    cudaLibraries: isTexts(cudaLibraries),
  };
  const wrong = Object.keys(parts).filter((name) => !parts[name]);
  return wrong.length === 0 ? undefined : `is damaged: wrong or missing: ${wrong.join(', ')}`;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
