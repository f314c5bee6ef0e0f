import { encodeConfig } from './config-proto';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

// Expected bytes: those of `ConfigProto(...).SerializeToString()` in TensorFlow for Python.
it('encodes threads, also numbers of more than seven bits', () => {
  expect(hex(encodeConfig({ intraOpParallelismThreads: 2 }))).toBe('1002');
  expect(hex(encodeConfig({ intraOpParallelismThreads: 300 }))).toBe('10ac02');
});

it('encodes a context without GPUs', () => {
  expect(hex(encodeConfig({ intraOpParallelismThreads: 1, gpuCount: 0 }))).toBe('0a070a0347505510001001');
});

it('encodes the choice of a GPU and of its memory', () => {
  expect(hex(encodeConfig({ intraOpParallelismThreads: 1, visibleDeviceList: '3', allowGrowth: true }))).toBe(
    '1001320520012a0133',
  );
  expect(hex(encodeConfig({ intraOpParallelismThreads: 1, perProcessGpuMemoryFraction: 0.5 }))).toBe(
    '1001320909000000000000e03f',
  );
});
