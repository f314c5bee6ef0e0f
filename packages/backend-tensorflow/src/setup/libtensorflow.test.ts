import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

import { makeLibtensorflow } from '../testing/make-libtensorflow';
import { copyLibtensorflow, libtensorflowSource } from './libtensorflow';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'taggerjs-libtensorflow-'));
});
afterEach(() => rm(root, { recursive: true }));

const copy = () => copyLibtensorflow(join(root, 'given'), join(root, 'copy'), join(root, 'scratch'), undefined);

describe('libtensorflowSource', () => {
  it('is the absolute path', () => {
    expect(libtensorflowSource(relative(process.cwd(), root), 'cpu', '2.20.0')).toBe(root);
    expect(libtensorflowSource(root, 'cpu', '2.20.0')).toBe(root);
  });

  it("is the URL, unchanged, or that of TensorFlow's host", () => {
    expect(libtensorflowSource('https://x.test/a/../b.tar.gz', 'cpu', '2.20.0')).toBe('https://x.test/a/../b.tar.gz');
    expect(libtensorflowSource('original', 'cuda', '2.18.1')).toMatch(/^https:.*\/2\.18\.1\/libtensorflow-gpu-linux-/);
  });
});

describe('copyLibtensorflow', () => {
  it('copies the libraries and the headers', async () => {
    await makeLibtensorflow(join(root, 'given'));
    await copy();
    const names = ['include', 'libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];
    expect((await readdir(join(root, 'copy'))).sort()).toEqual(names);
    expect(await readFile(join(root, 'copy/include/tensorflow/c/eager/c_api.h'), 'utf8')).toBe('the header');
  });

  it('reads what it was built for, if recorded', async () => {
    await makeLibtensorflow(join(root, 'given'));
    expect(await copy()).toBeUndefined();
    await makeLibtensorflow(
      join(root, 'given'),
      "('cuda_version', '12.5.1'), ('cudnn_version', '9'), ('is_cuda_build', True)",
    );
    expect(await copy()).toEqual({ cuda: '12.5.1', cudnn: '9' });
    await makeLibtensorflow(join(root, 'given'), "('is_cuda_build', False)");
    expect(await copy()).toEqual({});
  });
});
