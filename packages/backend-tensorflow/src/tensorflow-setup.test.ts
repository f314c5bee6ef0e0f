import { describeSetup, type TensorflowSetup } from './tensorflow-setup';

const onCpu: TensorflowSetup = {
  backend: 'tensorflow',
  tensorflow: '2.20.0',
  device: 'cpu',
  devices: [],
  threads: 2,
  kernels: [],
  precision: 'float32',
};
const gpu = { name: 'NVIDIA H100 80GB HBM3', memoryBytes: 84_929_347_584, computeCapability: '9.0' };

describe('describeSetup', () => {
  it('has the version, the device and the threads', () => {
    expect(describeSetup(onCpu)).toBe('TensorFlow 2.20.0 on the CPU, 2 threads');
    expect(describeSetup({ ...onCpu, threads: 1 })).toBe('TensorFlow 2.20.0 on the CPU, 1 thread');
  });

  it('counts the kernels', () => {
    expect(describeSetup({ ...onCpu, kernels: ['A'] })).toMatch(/, 1 custom kernel$/);
    expect(describeSetup({ ...onCpu, kernels: ['A', 'B'] })).toMatch(/, 2 custom kernels$/);
  });

  it('explains missing kernels', () => {
    expect(describeSetup({ ...onCpu, noKernels: 'they were not compiled' })).toBe(
      'TensorFlow 2.20.0 on the CPU, 2 threads; no custom kernels: they were not compiled',
    );
  });

  it('names the precision of products, and the instructions that compute them', () => {
    expect(describeSetup({ ...onCpu, precision: 'emulated-bfloat16' })).toMatch(/, products in emulated-bfloat16$/);
    expect(describeSetup({ ...onCpu, precision: 'bfloat16', bfloat16: 'AMX-BF16' })).toMatch(
      /, products in bfloat16 \(AMX-BF16\)$/,
    );
    expect(describeSetup({ ...onCpu, noBfloat16: 'the processor lacks it' })).toMatch(
      /threads; products in float32: the processor lacks it$/,
    );
  });

  it('names the GPU and the version of CUDA', () => {
    expect(describeSetup({ ...onCpu, device: 'gpu', cuda: '12.5.1', gpu })).toBe(
      'TensorFlow 2.20.0, CUDA 12.5.1 on NVIDIA H100 80GB HBM3 (85 GB, compute capability 9.0)',
    );
  });

  it('explains a missing GPU', () => {
    expect(describeSetup({ ...onCpu, noGpu: 'the driver is missing' })).toBe(
      'TensorFlow 2.20.0 on the CPU, 2 threads; no GPU: the driver is missing',
    );
  });
});
