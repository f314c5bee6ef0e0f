import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import type { Addon } from './addon';
import { PLACES, type Installation } from '../installation/installation';

/** A library that TensorFlow needs on a GPU and cannot load. */
export interface MissingLibrary {
  /** Its file name, such as `libcudnn.so.9`. */
  readonly library: string;
  /** The dynamic linker's message. */
  readonly reason: string;
}

/**
 * The libraries of CUDA 12 that TensorFlow opens before it uses a GPU, each after those that it needs.
 */
const CUDA_12 = [
  'libcudart.so.12',
  'libnvJitLink.so.12',
  'libcublasLt.so.12',
  'libcublas.so.12',
  'libcufft.so.11',
  'libcusparse.so.12',
  'libcusolver.so.11',
];

/**
 * The names of CUDA's libraries that a TensorFlow needs.
 *
 * @param cuda the version of CUDA that it was built for, such as `12.5.1` or `12`; undefined: without CUDA
 * @param cudnn the version of cuDNN, if known
 * @returns the names; undefined for a CUDA version whose names this package does not know
 */
export function cudaLibraryNames(cuda: string | undefined, cudnn: string | undefined): readonly string[] | undefined {
  if (cuda === undefined) return [];
  if (cuda.split('.')[0] !== '12') return undefined;
  return [...CUDA_12, `libcudnn.so.${cudnn?.split('.')[0] ?? '9'}`];
}

/**
 * Loads CUDA's libraries, preferring those of the installation to those of the system: TensorFlow then uses the loaded
 * ones. For a CUDA version whose library names this package does not know, it leaves the loading to TensorFlow.
 *
 * @returns the libraries that cannot be loaded
 */
export function loadCudaLibraries(addon: Addon, { folder, manifest }: Installation): readonly MissingLibrary[] {
  const nvidia = join(folder, PLACES.nvidia);
  const folders = existsSync(nvidia) ? readdirSync(nvidia).map((name) => join(nvidia, name, 'lib')) : [];
  const missing: MissingLibrary[] = [];
  for (const library of cudaLibraryNames(manifest.tensorflow.cuda, manifest.tensorflow.cudnn) ?? []) {
    const own = folders.map((path) => join(path, library)).find(existsSync);
    const reason = addon.whyNotLoaded(own ?? library);
    if (reason !== undefined) missing.push({ library, reason });
  }
  return missing;
}
