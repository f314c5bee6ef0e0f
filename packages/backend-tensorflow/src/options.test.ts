import { resolveOptions } from './options';

it('fills in defaults', () => {
  expect(resolveOptions('useTensorflow', {}, 8)).toEqual({
    threads: 8,
    folder: undefined,
    kernels: 'auto',
    precision: 'float32',
    gpu: undefined,
  });
});

it.each([
  { threads: 0 },
  { threads: 1.5 },
  { threads: 2000 },
  { folder: '' },
  { folder: 3 as never },
  { kernels: 'on' as never },
  { precision: 'float16' as never },
])('refuses %j', (options) => {
  expect(() => resolveOptions('useTensorflow', options, 2)).toThrow(
    expect.objectContaining({ code: 'INVALID_OPTION' }),
  );
});
