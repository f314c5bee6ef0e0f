import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

import { TaggerError } from '@taggerjs/nn';

/** What the C++ module of this package exports; equal to `kBindingVersion` in binding/binding.cc. */
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

/** Reads an installation; undefined where there is none. */
export async function readInstallation(root: string, variant: Variant): Promise<Installation | undefined> {
  const folder = join(root, variant);
  let text: string;
  try {
    text = await readFile(join(folder, PLACES.manifest), 'utf8');
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') return undefined;
    throw error;
  }
  return { folder, manifest: JSON.parse(text) as Manifest };
}

/**
 * Finds the installation to use: the first of the variants that is there.
 *
 * @throws TaggerError `NO_BACKEND` where none is there, or it was made by another version of this package or for
 * another machine
 */
export async function findInstallation(
  where: string,
  wantedRoot: string | undefined,
  variants: readonly Variant[],
): Promise<Installation> {
  const root = rootFolder(wantedRoot);
  const command = `${SETUP_COMMAND}${variants[0] === 'cuda' ? ' --cuda' : ''}`;
  for (const variant of variants) {
    const installation = await readInstallation(root, variant);
    if (installation === undefined) continue;
    const { format, binding, platform, arch } = installation.manifest;
    if (format !== 1 || binding?.version !== BINDING_VERSION) {
      throw new TaggerError(
        'NO_BACKEND',
        `${where}: TensorFlow in ${installation.folder} was set up by another version of @taggerjs/backend-cuda. Run ` +
          `\`${command}\` to set it up anew; TensorFlow itself is not fetched again.`,
      );
    }
    if (platform !== process.platform || arch !== process.arch) {
      throw new TaggerError(
        'NO_BACKEND',
        `${where}: TensorFlow in ${installation.folder} is for ${platform} ${arch}, and this is Node for ` +
          `${process.platform} ${process.arch}. Run \`${command}\` here, with another folder in the environment variable ` +
          `${FOLDER_VARIABLE} if the folder is shared.`,
      );
    }
    return installation;
  }
  throw new TaggerError(
    'NO_BACKEND',
    `${where}: TensorFlow is not set up in ${root}. Run \`${command}\` once: it fetches TensorFlow and compiles the ` +
      `binding. If it is elsewhere, name the folder by the option folder or the environment variable ${FOLDER_VARIABLE}.`,
  );
}
