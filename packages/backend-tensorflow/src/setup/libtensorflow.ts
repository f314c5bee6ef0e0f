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

/** TensorFlow's own host of the C library: the address of the archive for Linux. */
function originalAddress(variant: Variant, version: string): string {
  const name = `libtensorflow-${variant === 'cuda' ? 'gpu' : 'cpu'}-linux-${process.arch === 'arm64' ? 'arm64' : 'x86_64'}`;
  return `https://storage.googleapis.com/tensorflow/versions/${version}/${name}.tar.gz`;
}

/** Where the C library comes from that was asked for: an address, or an absolute path. */
export function libtensorflowSource(place: string, variant: Variant, version: string): string {
  if (place === 'original') return originalAddress(variant, version);
  return isAddress(place) ? place : resolve(place);
}

/**
 * Puts TensorFlow's libraries and the headers of its C API into `target`, from a folder, an archive or the address of
 * one: as the archives of the C library have them (`lib/`, `include/`), or as Python's package has them
 * (`site-packages/tensorflow`).
 *
 * @param source of `libtensorflowSource`
 * @returns the versions of CUDA and cuDNN that it was built for, none where it was built without; undefined where it does not
 * say, as only Python's package does
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
    throw new TaggerError('INVALID_OPTION', `--libtensorflow: there is nothing at ${source}.`);
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

/** The names of TensorFlow's two libraries in a folder, that with the C API first; undefined where they are not there. */
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
      `${address} cannot be fetched: ${inner?.message ?? message}. Fetch the archive elsewhere and name it by ` +
        '--libtensorflow, or take TensorFlow from the Python Package Index (the default).',
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
    advice: `It unpacks ${archive}. Is that a tar.gz?`,
  });
  // Some archives have everything in one folder more.
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
