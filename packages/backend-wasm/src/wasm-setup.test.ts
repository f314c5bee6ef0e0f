import { describeSetup } from './wasm-setup';

describe('describeSetup', () => {
  it('says vectors and threads', () => {
    expect(describeSetup({ backend: 'wasm', simd: true, threads: 2, kernels: [] })).toBe('WebAssembly SIMD, 2 threads');
  });

  it('says one thread as one would', () => {
    expect(describeSetup({ backend: 'wasm', simd: false, threads: 1, kernels: [] })).toBe('WebAssembly, 1 thread');
  });

  it('says how many kernels are ours and why threads are missing', () => {
    const setup = {
      backend: 'wasm',
      simd: true,
      threads: 1,
      threadsLimit: 'no threads here',
      kernels: ['A', 'B'],
    } as const;
    expect(describeSetup(setup)).toBe('WebAssembly SIMD, 1 thread, own kernels for 2 operations (no threads here)');
  });
});
