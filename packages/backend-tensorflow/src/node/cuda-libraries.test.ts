import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Addon } from './addon';
import { cudaLibraryNames, loadCudaLibraries } from './cuda-libraries';
import type { Installation } from '../installation/installation';

describe('cudaLibraryNames', () => {
  it('names those of CUDA 12 and of cuDNN', () => {
    const names = cudaLibraryNames('12.5.1', '8.9');
    expect(names).toHaveLength(8);
    expect(names).toEqual(expect.arrayContaining(['libcudart.so.12', 'libcufft.so.11', 'libcudnn.so.8']));
    expect(cudaLibraryNames('12', undefined)).toEqual([...(names ?? []).slice(0, -1), 'libcudnn.so.9']);
  });

  it('does not know those of another CUDA version, and needs none without CUDA', () => {
    expect(cudaLibraryNames('11.8', '8')).toBeUndefined();
    expect(cudaLibraryNames('120.1', '9')).toBeUndefined();
    expect(cudaLibraryNames(undefined, undefined)).toEqual([]);
  });
});

describe('loadCudaLibraries', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'taggerjs-cuda-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** Loads them with a linker that lacks one library. Returns the requests, and what is missing. */
  function load(tensorflow: object, lacks: string) {
    const asked: string[] = [];
    const addon = {
      whyNotLoaded: (library: string) => {
        asked.push(library);
        return library === lacks ? `${library}: no such file` : undefined;
      },
    } as Addon;
    const missing = loadCudaLibraries(addon, { folder, manifest: { tensorflow } } as Installation);
    return { asked, missing };
  }

  it('prefers libraries of the installation to those of the system, and names the missing ones', async () => {
    const own = join(folder, 'nvidia', 'cublas', 'lib');
    await mkdir(own, { recursive: true });
    await writeFile(join(own, 'libcublas.so.12'), '');
    const { asked, missing } = load({ cuda: '12.5.1', cudnn: '9' }, 'libcudnn.so.9');
    expect(asked).toHaveLength(8);
    expect(asked).toEqual(expect.arrayContaining(['libcudart.so.12', join(own, 'libcublas.so.12')]));
    expect(missing).toEqual([{ library: 'libcudnn.so.9', reason: 'libcudnn.so.9: no such file' }]);
  });

  it('leaves those of another CUDA version to TensorFlow', () => {
    expect(load({ cuda: '11.8' }, '')).toEqual({ asked: [], missing: [] });
  });
});
