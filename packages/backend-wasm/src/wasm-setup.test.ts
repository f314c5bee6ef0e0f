import { describeSetup, type WasmSetup } from './wasm-setup';

const setup: WasmSetup = {
  backend: 'wasm',
  simd: true,
  relaxedSimd: false,
  threads: 2,
  tfjsThreads: 2,
  kernels: [],
};

describe('describeSetup', () => {
  it('names vector instructions and threads', () => {
    expect(describeSetup(setup)).toBe('WebAssembly SIMD, 2 threads');
  });

  it('uses the singular for one thread', () => {
    expect(describeSetup({ ...setup, simd: false, threads: 1 })).toBe('WebAssembly, 1 thread');
  });

  it('counts our kernels', () => {
    expect(describeSetup({ ...setup, kernels: ['A'] })).toBe('WebAssembly SIMD, 2 threads, 1 custom kernel');
    expect(describeSetup({ ...setup, relaxedSimd: true, kernels: ['A', 'B'] })).toBe(
      'WebAssembly SIMD, 2 threads, 2 custom kernels (relaxed SIMD)',
    );
  });

  it('says why threads are missing', () => {
    expect(describeSetup({ ...setup, threads: 1, threadsLimit: 'no threads here' })).toBe(
      'WebAssembly SIMD, 1 thread; no threads here',
    );
  });
});
