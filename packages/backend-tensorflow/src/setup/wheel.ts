import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { Transform } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';

import { TaggerError } from '@taggerjs/nn';
import * as yauzl from 'yauzl';

import type { Variant } from '../installation/variant';
import { megabytes, requireDiskSpace } from './disk-space';
import { runCommand } from './run-command';

/** What a wheel of TensorFlow records about itself. */
export interface WheelFacts {
  readonly cuda?: string;
  readonly cudnn?: string;
  /** The packages with CUDA's libraries that it needs, as pip requirements: `nvidia-cublas-cu12<13.0,>=12.5.3.2`. */
  readonly cudaRequirements: readonly string[];
}

/** Any version of Python will do: the wheels' libraries are the same. */
const PYTHON = [
  '--python-version',
  '3.11',
  '--implementation',
  'cp',
  '--abi',
  'cp311',
  '--abi',
  'abi3',
  '--abi',
  'none',
];
const MANYLINUX = ['2014', '_2_17', '_2_24', '_2_26', '_2_27', '_2_28', '_2_31', '_2_34', '_2_35'];

/**
 * Downloads wheels from the Python Package Index with pip.
 *
 * @param requirements of pip, such as `tensorflow-cpu==2.20.0`
 * @returns their paths
 */
export async function downloadWheels(
  requirements: readonly string[],
  folder: string,
  { python, signal }: { readonly python: string; readonly signal: AbortSignal | undefined },
): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const machine = process.arch === 'arm64' ? 'aarch64' : 'x86_64';
  const platforms = MANYLINUX.flatMap((version) => ['--platform', `manylinux${version}_${machine}`]);
  const args = ['-m', 'pip', 'download', '--no-deps', '--only-binary=:all:', '--disable-pip-version-check', '--quiet'];
  await runCommand(python, [...args, ...PYTHON, ...platforms, '--dest', folder, ...requirements], {
    signal,
    advice:
      'You need Python with pip (Debian: apt-get install python3-pip); choose another Python with --python. Or download the ' +
      'wheel elsewhere and pass it with --wheel.',
  });
  return (await readdir(folder)).filter((name) => name.endsWith('.whl')).map((name) => join(folder, name));
}

/** The name and version of a wheel, by its file name: `tensorflow_cpu-2.20.0`. */
export function wheelName(path: string): string {
  return basename(path).split('-').slice(0, 2).join('-');
}

/** The package of the Python Package Index for a variant. For arm64 there is one, without CUDA. */
export function tensorflowPackage(variant: Variant): string {
  return variant === 'cpu' && process.arch === 'x64' ? 'tensorflow-cpu' : 'tensorflow';
}

const LIBRARY = /^tensorflow\/libtensorflow_(cc|framework)\.so\.2$/;
const HEADER = /^tensorflow\/include\/(.*\/)?(c\/.*|platform\/(ctstring|macros)\w*)\.h$/;
const BUILD_INFO = 'tensorflow/python/platform/build_info.py';
const METADATA = /^[^/]+\.dist-info\/METADATA$/;
/** A line for each file of a wheel: `name,sha256=...,size`, the digest in base64url without padding. */
const RECORD = /^[^/]+\.dist-info\/RECORD$/;

/** Unpacks TensorFlow's libraries and the headers of its C API from a wheel to `folder/tensorflow`. */
export async function unpackTensorflow(wheel: string, folder: string, signal?: AbortSignal): Promise<WheelFacts> {
  let metadata: string | undefined;
  const wanted = (name: string) =>
    LIBRARY.test(name) || HEADER.test(name) || name === BUILD_INFO || METADATA.test(name);
  const names = await unzip(wheel, folder, wanted, signal);
  if (names.filter((name) => LIBRARY.test(name)).length !== 2) {
    throw new TaggerError(
      'NO_BACKEND',
      `${wheel} has no tensorflow/libtensorflow_cc.so.2 and libtensorflow_framework.so.2. Pass a wheel of tensorflow or ` +
        'tensorflow-cpu for Linux, version 2.13 or later.',
    );
  }
  for (const name of names) if (METADATA.test(name)) metadata = await readFile(join(folder, name), 'utf8');
  const info = names.includes(BUILD_INFO) ? await readFile(join(folder, BUILD_INFO), 'utf8') : '';
  return wheelFacts(info, metadata ?? '');
}

/** Reads tensorflow/python/platform/build_info.py and a wheel's METADATA. */
export function wheelFacts(buildInfo: string, metadata: string): WheelFacts {
  const value = (key: string) => new RegExp(`'${key}', '([^']*)'`).exec(buildInfo)?.[1];
  const isCuda = /'is_cuda_build', True/.test(buildInfo);
  const requirements = [...metadata.matchAll(/^Requires-Dist: (nvidia[^;]*?)\s*;[^\n]*and-cuda/gm)];
  const [cuda, cudnn] = [value('cuda_version'), value('cudnn_version')];
  return {
    ...(isCuda && cuda !== undefined ? { cuda } : {}),
    ...(isCuda && cudnn !== undefined ? { cudnn } : {}),
    cudaRequirements: isCuda
      ? requirements.map(([, requirement]) => (requirement as string).replaceAll(/[\s()]/g, ''))
      : [],
  };
}

/** Unpacks the libraries from a wheel of NVIDIA's to `folder/nvidia`. */
export async function unpackCudaLibraries(wheel: string, folder: string, signal?: AbortSignal): Promise<void> {
  await unzip(wheel, folder, (name) => /^nvidia\/[\w-]+\/(lib|nvvm|bin)\/.+[^/]$/.test(name), signal);
}

/**
 * Unpacks files of a wheel, and checks them against its RECORD.
 *
 * @returns their names
 * @throws TaggerError `INVALID_FILE` if it is not a wheel, or is damaged
 */
async function unzip(
  archive: string,
  folder: string,
  wanted: (name: string) => boolean,
  signal: AbortSignal | undefined,
): Promise<string[]> {
  let zip: yauzl.ZipFile;
  try {
    zip = await yauzl.openPromise(archive, { autoClose: false });
  } catch (cause) {
    throw new TaggerError('INVALID_FILE', `${archive} is not a wheel: ${(cause as Error).message}.`, { cause });
  }
  try {
    const entries: yauzl.Entry[] = [];
    let record = '';
    for await (const entry of zip.eachEntry()) {
      if (wanted(entry.fileName)) entries.push(entry);
      else if (RECORD.test(entry.fileName)) record = await text(await zip.openReadStreamPromise(entry));
    }
    const bytes = entries.reduce((sum, { uncompressedSize }) => sum + uncompressedSize, 0);
    await requireDiskSpace(folder, bytes, `Unpacking ${basename(archive)} (${megabytes(bytes)})`);
    const digests = new Map<string, string>();
    for (const entry of entries) {
      signal?.throwIfAborted();
      const target = resolve(folder, entry.fileName);
      // yauzl refuses names that lead out of the folder already.
      if (!target.startsWith(resolve(folder) + sep))
        throw new TaggerError('INVALID_FILE', `${archive} is not a wheel.`);
      await mkdir(dirname(target), { recursive: true });
      const hash = createHash('sha256');
      const hashing = new Transform({
        transform(chunk: Buffer, _, done) {
          hash.update(chunk);
          done(null, chunk);
        },
      });
      const options = signal ? { signal } : {};
      await pipeline(await zip.openReadStreamPromise(entry), hashing, createWriteStream(target), options);
      digests.set(entry.fileName, hash.digest('base64url'));
    }
    for (const [, name, digest] of record.matchAll(/^([^,"\n]+),sha256=([\w-]+),/gm)) {
      const own = digests.get(name as string);
      if (own === undefined || own === digest) continue;
      throw new TaggerError(
        'INVALID_FILE',
        `${archive} is damaged: ${name} does not match its RECORD. Download the wheel again.`,
      );
    }
    return entries.map(({ fileName }) => fileName);
  } finally {
    zip.close();
  }
}
