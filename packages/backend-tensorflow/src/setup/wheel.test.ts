import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { unpackTensorflow, wheelFacts, wheelName } from './wheel';

const METADATA = `Name: tensorflow
Requires-Dist: numpy>=1.26.0
Requires-Dist: nvidia-cublas-cu12<13.0,>=12.5.3.2; extra == "and-cuda"
Requires-Dist: nvidia-cudnn-cu12 (==9.3.0.75) ; extra == 'and-cuda'
`;
const BUILD_INFO = `build_info = collections.OrderedDict([('cpu_compiler', 'clang 18'), ('cuda_version', '12.5.1'), \
('cudnn_version', '9'), ('is_cuda_build', True), ('is_rocm_build', False)])`;

describe('wheelFacts', () => {
  it('reads the versions of CUDA and cuDNN, and the packages that have their libraries', () => {
    expect(wheelFacts(BUILD_INFO, METADATA)).toEqual({
      cuda: '12.5.1',
      cudnn: '9',
      cudaRequirements: ['nvidia-cublas-cu12<13.0,>=12.5.3.2', 'nvidia-cudnn-cu12==9.3.0.75'],
    });
  });

  it('knows a TensorFlow without CUDA', () => {
    const info = "build_info = collections.OrderedDict([('is_cuda_build', False), ('is_rocm_build', False)])";
    expect(wheelFacts(info, METADATA)).toEqual({ cudaRequirements: [] });
  });
});

it('names a wheel by its file', () => {
  expect(wheelName('/somewhere/tensorflow_cpu-2.20.0-cp311-cp311-manylinux_2_17_x86_64.whl')).toBe(
    'tensorflow_cpu-2.20.0',
  );
});

it('refuses a file that is not a wheel', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'taggerjs-wheel-'));
  await writeFile(join(folder, 'x.whl'), 'not a zip archive at all, only some text that is long enough');
  await expect(unpackTensorflow(join(folder, 'x.whl'), folder)).rejects.toMatchObject({
    code: 'INVALID_FILE',
    message: expect.stringMatching(/x\.whl is not a wheel/),
  });
  await rm(folder, { recursive: true });
});
