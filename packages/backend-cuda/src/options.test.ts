import { resolveCudaOptions, resolveTensorflowOptions } from './options';

it('fills in defaults', () => {
  expect(resolveTensorflowOptions({}, 8)).toEqual({
    threads: 8,
    folder: undefined,
    kernels: 'auto',
    gpu: undefined,
  });
  expect(resolveCudaOptions({}, 8).gpu).toEqual({ device: 0, memory: 'grow', required: true });
});

it.each([
  { threads: 0 },
  { threads: 1.5 },
  { threads: 2000 },
  { folder: '' },
  { folder: 3 as never },
  { kernels: 'on' as never },
  { device: 1 } as never,
  { thread: 2 } as never,
])('useTensorflow refuses %j', (options) => {
  expect(() => resolveTensorflowOptions(options, 2)).toThrow(
    expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringMatching(/^useTensorflow: .*\.$/) }),
  );
});

it.each([
  { threads: -1 },
  { device: -1 },
  { device: 0.5 },
  { memory: 0 },
  { memory: 1.5 },
  { memory: 'all' as never },
  { requireGpu: 'yes' as never },
  { gpu: 0 } as never,
])('useCuda refuses %j', (options) => {
  expect(() => resolveCudaOptions(options, 2)).toThrow(
    expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringMatching(/^useCuda: .*\.$/) }),
  );
});
