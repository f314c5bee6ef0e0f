import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

import { TaggerError } from '@taggerjs/nn';

import { putBack } from './staging';

/**
 * The version of what the C++ module of this package exports; equal to `kBindingVersion` in binding/binding.cc. Raised when the
 * JavaScript cannot use the modules that were compiled before any more. What is added, and done without where it is missing
 * (`cpuLevels`, `loadKernels`), leaves it as it is: those installations go on working.
 */
export const BINDING_VERSION = 1;

/** The environment variable that says where TensorFlow is installed for this package. */
export const FOLDER_VARIABLE = 'TAGGERJS_TENSORFLOW';

/** The command that installs it, as a user types it. */
export const SETUP_COMMAND = 'npx taggerjs-setup-tensorflow';

/** `cpu`: TensorFlow without CUDA. `cuda`: with it. */
export type Variant = 'cpu' | 'cuda';

/** What the setup command installed, as it wrote it down in manifest.json. */
export interface Manifest {
  /** The layout of this file and of the folder. */
  readonly format: 1;
  readonly variant: Variant;
  readonly platform: string;
  readonly arch: string;
  readonly tensorflow: {
    /** What the library says of itself, such as `2.20.0`. */
    readonly version: string;
    /** Where it came from: the name of a wheel, a path, an address. */
    readonly source: string;
    /** The version of CUDA it was built for, where that is known. */
    readonly cuda?: string;
    /** The version of cuDNN it was built for, where that is known. */
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
  /** The kernels of this package for TensorFlow's CPU; undefined where the set-up was made before there were any. */
  readonly kernels?: {
    /** The levels of processor that they were compiled for, the highest first. */
    readonly levels: readonly string[];
    /** What the compiler said where it could not compile them for a level; undefined where it could. */
    readonly problem?: string;
  };
  /** Libraries of CUDA that were installed along, such as `nvidia-cublas-cu12-12.5.3.2`. */
  readonly cudaLibraries: readonly string[];
}

/** An installation made by the setup command. */
export interface Installation {
  readonly folder: string;
  readonly manifest: Manifest;
}

/** Where things are in the folder of an installation. */
export const PLACES = {
  manifest: 'manifest.json',
  /** TensorFlow's libraries, which find those of CUDA in `../nvidia`. */
  tensorflow: 'tensorflow',
  include: 'tensorflow/include',
  nvidia: 'nvidia',
  tfjsNode: 'tfjs-node',
  addon: 'binding/taggerjs_tensorflow.node',
} as const;

/** Where the kernels for a level of processor are in the folder of an installation. */
export const kernelsPlace = (level: string): string => `binding/taggerjs_kernels_${level}.so`;

/** The folder of all installations: what was asked for, the environment variable, or the user's cache folder. */
export function rootFolder(wanted: string | undefined, environment: NodeJS.ProcessEnv = process.env): string {
  const chosen = wanted ?? environment[FOLDER_VARIABLE];
  if (chosen !== undefined && chosen !== '') return resolve(chosen);
  const cache = environment['XDG_CACHE_HOME'];
  return join(cache !== undefined && cache !== '' ? cache : join(homedir(), '.cache'), 'taggerjs', 'tensorflow');
}

/** The command that sets a variant up, as a user types it. */
export const setupCommand = (variant: Variant): string => `${SETUP_COMMAND}${variant === 'cuda' ? ' --cuda' : ''}`;

/**
 * Reads an installation; undefined where there is none.
 *
 * @param where the function that needs it, for the error
 * @throws TaggerError `NO_BACKEND` where its manifest cannot be read, or is damaged
 */
export async function readInstallation(
  root: string,
  variant: Variant,
  where = 'readInstallation',
): Promise<Installation | undefined> {
  const folder = join(root, variant);
  const damaged = (problem: string, cause?: unknown) =>
    new TaggerError(
      'NO_BACKEND',
      `${where}: what is in ${folder} is no TensorFlow that can be used: ${PLACES.manifest} ${problem}. Run ` +
        `\`${setupCommand(variant)}\` to set it up anew.`,
      { cause },
    );
  let text: string;
  try {
    text = await readFile(join(folder, PLACES.manifest), 'utf8');
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') return undefined;
    throw damaged(`cannot be read (${(error as Error).message})`, error);
  }
  let manifest: unknown;
  try {
    manifest = JSON.parse(text);
  } catch (error) {
    throw damaged(text.trim() === '' ? 'is empty' : `is not JSON (${(error as Error).message})`, error);
  }
  const problem = manifestProblem(manifest, variant);
  if (problem !== undefined) throw damaged(problem);
  return { folder, manifest: manifest as Manifest };
}

/** What a manifest lacks; undefined where it is whole, or of another format, of which nothing is known. */
function manifestProblem(manifest: unknown, variant: Variant): string | undefined {
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

/**
 * Finds the installation to use: the first of the variants that is there. One that a killed setup took from its place is put
 * back first.
 *
 * @throws TaggerError `NO_BACKEND` where none is there, or it is damaged, or it was made by another version of this package or
 * for another machine
 */
export async function findInstallation(
  where: string,
  wantedRoot: string | undefined,
  variants: readonly [Variant, ...Variant[]],
): Promise<Installation> {
  const root = rootFolder(wantedRoot);
  await putBack(root);
  for (const variant of variants) {
    const installation = await readInstallation(root, variant, where);
    if (installation === undefined) continue;
    const { format, binding, platform, arch } = installation.manifest;
    if (format !== 1 || binding.version !== BINDING_VERSION) {
      throw new TaggerError(
        'NO_BACKEND',
        `${where}: TensorFlow in ${installation.folder} was set up by another version of @taggerjs/backend-tensorflow. Run ` +
          `\`${setupCommand(variant)}\` to set it up anew; TensorFlow itself is not fetched again.`,
      );
    }
    if (platform !== process.platform || arch !== process.arch) {
      throw new TaggerError(
        'NO_BACKEND',
        `${where}: TensorFlow in ${installation.folder} is for ${platform} ${arch}, and this is Node for ` +
          `${process.platform} ${process.arch}. Run \`${setupCommand(variant)}\` here, with another folder in the ` +
          `environment variable ${FOLDER_VARIABLE} if the folder is shared.`,
      );
    }
    return installation;
  }
  throw new TaggerError(
    'NO_BACKEND',
    `${where}: TensorFlow is not set up in ${root}. Run \`${setupCommand(variants[0])}\` once: it fetches TensorFlow and ` +
      `compiles the binding. If it is elsewhere, name the folder by the option folder or the environment variable ${FOLDER_VARIABLE}.`,
  );
}
