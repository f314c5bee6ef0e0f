import { createWriteStream, existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, realpath, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';

import { TaggerError } from '@taggerjs/nn';

import { PLACES } from '../installation/installation';
import type { Variant } from '../installation/variant';
import { runCommand } from './run-command';
import { wheelFacts, type WheelFacts } from './wheel';

/** The URL of the C library for Linux on TensorFlow's own host. */
function originalAddress(variant: Variant, version: string): string {
  const name = `libtensorflow-${variant === 'cuda' ? 'gpu' : 'cpu'}-linux-${process.arch === 'arm64' ? 'arm64' : 'x86_64'}`;
  return `https://storage.googleapis.com/tensorflow/versions/${version}/${name}.tar.gz`;
}

/** Where the requested C library comes from: a URL, or an absolute path. */
export function libtensorflowSource(place: string, variant: Variant, version: string): string {
  if (place === 'original') return originalAddress(variant, version);
  return isAddress(place) ? place : resolve(place);
}

/**
 * Copies TensorFlow's libraries and the headers of its C API to `target`, from a folder, an archive or the URL of one. Its
 * layout is that of the C library's archives (`lib/`, `include/`), or of the Python package (`site-packages/tensorflow`).
 *
 * @param source from `libtensorflowSource`
 * @returns the versions of CUDA and cuDNN that it was built for, none if it was built without; undefined if unknown: only the
 * Python package records them
 */
export async function copyLibtensorflow(
  source: string,
  target: string,
  scratch: string,
  signal: AbortSignal | undefined,
): Promise<Pick<WheelFacts, 'cuda' | 'cudnn'> | undefined> {
  let folder = source;
  if (isAddress(source)) {
    folder = await unpack(await download(source, scratch, signal), scratch, signal);
  } else if (!(await isThere(source))) {
    throw new TaggerError('INVALID_OPTION', `--libtensorflow: ${source} does not exist.`);
  } else if (!(await stat(source)).isDirectory()) {
    folder = await unpack(source, scratch, signal);
  }
  const libraries = [folder, join(folder, 'lib')].find((path) => findLibraries(path) !== undefined);
  const include = join(folder, 'include');
  if (libraries === undefined || !existsSync(join(include, 'tensorflow/c/eager/c_api.h'))) {
    throw new TaggerError(
      'INVALID_FILE',
      `--libtensorflow: ${source} must have libtensorflow.so.2 (or libtensorflow_cc.so.2) and ` +
        'libtensorflow_framework.so.2, there or in lib/, and include/tensorflow/c/eager/c_api.h.',
    );
  }
  await mkdir(target, { recursive: true });
  for (const name of findLibraries(libraries) as string[]) {
    await cp(await realpath(join(libraries, name)), join(target, name));
  }
  await cp(include, join(target, 'include'), { recursive: true, dereference: true });
  const buildInfo = join(folder, 'python/platform/build_info.py');
  if (!existsSync(buildInfo)) return undefined;
  const { cudaRequirements: _, ...built } = wheelFacts(await readFile(buildInfo, 'utf8'), '');
  return built;
}

function isAddress(place: string): boolean {
  return /^https?:/.test(place);
}

/** The names of TensorFlow's two libraries in a folder, the one with the C API first; undefined if they are missing. */
export function findLibraries(folder: string): [string, string] | undefined {
  const main = ['libtensorflow_cc.so.2', 'libtensorflow.so.2'].find((name) => existsSync(join(folder, name)));
  const framework = 'libtensorflow_framework.so.2';
  return main !== undefined && existsSync(join(folder, framework)) ? [main, framework] : undefined;
}

async function download(address: string, scratch: string, signal: AbortSignal | undefined): Promise<string> {
  const file = join(scratch, basename(new URL(address).pathname));
  try {
    const response = await fetch(address, signal === undefined ? {} : { signal });
    if (!response.ok || response.body === null) throw new Error(`HTTP ${response.status} ${response.statusText}`);
    await pipeline(Readable.fromWeb(response.body as NodeReadableStream), createWriteStream(file));
  } catch (cause) {
    signal?.throwIfAborted();
    const { message, cause: inner } = cause as { message: string; cause?: { message?: string } };
    throw new TaggerError(
      'NO_BACKEND',
      `Cannot download ${address}: ${inner?.message ?? message}. Download the archive elsewhere and pass it with ` +
        '--libtensorflow, or use the default, the Python Package Index.',
      { cause },
    );
  }
  return file;
}

async function unpack(archive: string, scratch: string, signal: AbortSignal | undefined): Promise<string> {
  const folder = join(scratch, 'libtensorflow');
  await mkdir(folder, { recursive: true });
  await runCommand('tar', ['-xzf', archive, '-C', folder], {
    signal,
    advice: `It unpacks ${archive}, which must be a tar.gz.`,
  });
  // Some archives have everything in one more folder.
  const [only, ...others] = await readdir(folder);
  return others.length === 0 && only !== undefined && !existsSync(join(folder, PLACES.include)) && only !== 'lib'
    ? join(folder, only)
    : folder;
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
