import type { CudaDriver, NoGpuFacts } from '@taggerjs/backend-tensorflow/gpu';

import { explainNoGpu } from './explain-no-gpu';

const h100 = { name: 'NVIDIA H100', memoryBytes: 8e10, computeCapability: '9.0' };
const working: CudaDriver = { version: 12080, error: 0, errorText: '', gpus: [h100] };
const facts: NoGpuFacts = {
  tensorflow: '2.20.0',
  cuda: '12.5.1',
  driver: working,
  missingLibraries: [],
  device: 0,
  visibleDevices: undefined,
};
const explain = (change: Partial<NoGpuFacts>) => explainNoGpu({ ...facts, ...change });
const failing = (error: number, errorText = ''): CudaDriver => ({ version: 12080, error, errorText, gpus: [] });

it('a TensorFlow without CUDA', () => {
  expect(explain({ cuda: undefined })).toMatch(/built without CUDA.*`npx taggerjs-setup-tensorflow --cuda`$/);
});

it("no driver, with the linker's message", () => {
  expect(explain({ driver: { missing: 'libcuda.so.1: cannot open shared object file' } })).toMatch(
    /^NVIDIA's driver is not installed.*\(libcuda\.so\.1: cannot open shared object file\)$/,
  );
});

it('no GPU, or none that is visible', () => {
  expect(explain({ driver: failing(100) })).toMatch(/finds no GPU.*--gpus all/);
  expect(explain({ driver: { ...working, gpus: [] } })).toMatch(/finds no GPU/);
  expect(explain({ driver: failing(100), visibleDevices: '-1' })).toMatch(/CUDA_VISIBLE_DEVICES is '-1'/);
});

it('a driver that fails, with its error and what helps', () => {
  expect(explain({ driver: failing(803, 'system has unsupported display driver / cuda driver combination') })).toMatch(
    /error 803, system has unsupported.*restart the machine/,
  );
  expect(explain({ driver: failing(999, 'unknown error') })).toMatch(/error 999, unknown error.*nvidia_uvm/);
  expect(explain({ driver: failing(3) })).toMatch(/error 3\. .*`nvidia-smi`/);
});

it('a GPU that does not exist', () => {
  expect(explain({ device: 2 })).toMatch(/no GPU 2.*one GPU, number 0$/);
  expect(explain({ device: 2, driver: { ...working, gpus: [h100, h100] } })).toMatch(/are 2 GPUs, numbers 0 to 1$/);
  expect(explain({ device: 1, visibleDevices: '0' })).toMatch(/CUDA_VISIBLE_DEVICES is '0'/);
});

it('a driver for an older CUDA; one of an older minor version will do', () => {
  expect(explain({ driver: { ...working, version: 11080 } })).toMatch(/runs CUDA up to 11\.8.*built for CUDA 12\.5\.1/);
  expect(explain({ driver: { ...working, version: 12020 } })).not.toMatch(/runs CUDA up to/);
});

it('missing libraries, and how to install them', () => {
  const reason = 'libcudnn.so.9: cannot open shared object file';
  expect(explain({ missingLibraries: [{ library: 'libcudnn.so.9', reason }] })).toMatch(
    /^a library of CUDA 12\.5\.1 cannot be loaded: libcudnn\.so\.9 \(libcudnn\.so\.9: cannot.*--cuda-libraries fetch/,
  );
});

it('none of the known obstacles', () => {
  expect(explain({})).toMatch(/does not use NVIDIA H100 \(compute capability 9\.0\).*TF_CPP_MIN_LOG_LEVEL=0/);
});
