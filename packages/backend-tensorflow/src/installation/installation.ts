import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

import { TaggerError } from '@taggerjs/nn';

import { BINDING_VERSION, manifestProblem, type Manifest } from './manifest';
import { setupCommand, type Variant } from './variant';

/** The environment variable with the folder of all installations. */
export const FOLDER_VARIABLE = 'TAGGERJS_TENSORFLOW';

/** An installation made by the setup command. */
export interface Installation {
  readonly folder: string;
  readonly manifest: Manifest;
}

/** The layout of an installation's folder. */
export const PLACES = {
  manifest: 'manifest.json',
  /** TensorFlow's libraries, which find those of CUDA in `../nvidia`. */
  tensorflow: 'tensorflow',
  include: 'tensorflow/include',
  nvidia: 'nvidia',
  tfjsNode: 'tfjs-node',
  addon: 'binding/taggerjs_tensorflow.node',
} as const;

/** Where the kernels for a processor level are in the folder of an installation. */
export const kernelsPlace = (level: string): string => `binding/taggerjs_kernels_${level}.so`;

/** The folder of all installations: `wanted`, the environment variable, or the user's cache folder. */
export function rootFolder(wanted: string | undefined, environment: NodeJS.ProcessEnv = process.env): string {
  const chosen = wanted ?? environment[FOLDER_VARIABLE];
  if (chosen !== undefined && chosen !== '') return resolve(chosen);
  const cache = environment['XDG_CACHE_HOME'];
  return join(cache !== undefined && cache !== '' ? cache : join(homedir(), '.cache'), 'taggerjs', 'tensorflow');
}

/**
 * Reads an installation.
 *
 * @param where the function that needs it, for the error
 * @returns undefined if there is none
 * @throws TaggerError `NO_BACKEND` if its manifest cannot be read or is damaged
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
      `${where}: ${folder} has no usable TensorFlow: ${PLACES.manifest} ${problem}. Run \`${setupCommand(variant)}\` to set ` +
        'it up again.',
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

/**
 * Finds the installation to use: the first of the variants that exists.
 *
 * @param where the function that needs it, for the error
 * @throws TaggerError `NO_BACKEND` if there is none, if it is damaged, or if another version of this package or another kind
 * of machine made it
 */
export async function findInstallation(
  where: string,
  wantedRoot: string | undefined,
  variants: readonly [Variant, ...Variant[]],
): Promise<Installation> {
  const root = rootFolder(wantedRoot);
  for (const variant of variants) {
    const installation = await readInstallation(root, variant, where);
    if (installation === undefined) continue;
    const { format, binding, platform, arch } = installation.manifest;
    if (format !== 1 || binding.version !== BINDING_VERSION) {
      throw new TaggerError(
        'NO_BACKEND',
        `${where}: another version of @taggerjs/backend-tensorflow set up TensorFlow in ${installation.folder}. Run ` +
          `\`${setupCommand(variant)}\` to set it up again; it does not download TensorFlow again.`,
      );
    }
    if (platform !== process.platform || arch !== process.arch) {
      throw new TaggerError(
        'NO_BACKEND',
        `${where}: TensorFlow in ${installation.folder} is for ${platform} ${arch}, and this is Node for ` +
          `${process.platform} ${process.arch}. Run \`${setupCommand(variant)}\` here; if machines share the folder, set ` +
          `the environment variable ${FOLDER_VARIABLE} to another one first.`,
      );
    }
    return installation;
  }
  throw new TaggerError(
    'NO_BACKEND',
    `${where}: TensorFlow is not set up in ${root}. Run \`${setupCommand(variants[0])}\` once: it downloads TensorFlow and ` +
      `compiles the binding. If TensorFlow is in another folder, pass the option folder, or set ${FOLDER_VARIABLE}.`,
  );
}
