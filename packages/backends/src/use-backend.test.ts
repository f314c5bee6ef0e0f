import * as tf from '@tensorflow/tfjs-core';

import { hasThreads } from './backend-name';
import { notInstalled } from './not-installed';
import { useBackend } from './use-backend';

describe('useBackend', () => {
  it('sets up WebAssembly with the threads asked for', async () => {
    const setup = await useBackend('wasm', { threads: 2 });
    expect(setup).toMatchObject({ name: 'wasm', backend: 'wasm', threads: 2, precision: 'float32' });
    expect(setup.kernels.length).toBeGreaterThan(20);
    expect(tf.getBackend()).toBe('wasm');
  });

  it('turns the kernels off', async () => {
    expect((await useBackend('wasm', { threads: 1, kernels: 'off' })).kernels).toEqual([]);
  });

  it('sets up plain JavaScript, silently', async () => {
    const warn = jest.spyOn(console, 'warn');
    expect(await useBackend('cpu')).toMatchObject({ name: 'cpu', backend: 'cpu', threads: 1, kernels: [] });
    tf.dispose(tf.add(1, 2));
    expect(warn).not.toHaveBeenCalled();
  });

  it.each([
    ['gpu', {}],
    ['wasm', { thread: 1 }],
    ['wasm', { threads: 0 }],
    ['wasm', { kernels: 'on' }],
    ['cpu', { threads: 2 }],
    ['webgpu', { threads: 2 }],
    ['wasm', { precision: 'bfloat16' }],
    ['tensorflow', { precision: 'float16' }],
  ])('refuses %s with %j', async (name, options) => {
    await expect(useBackend(name as never, options as never)).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });
});

it('knows which backends have threads', () => {
  expect((['wasm', 'tensorflow', 'cuda', 'webgpu', 'cpu'] as const).map(hasThreads)).toEqual([
    ...[true, true, true],
    ...[false, false],
  ]);
});

describe('a package that cannot be imported', () => {
  const notFound = (name: string) =>
    Object.assign(new Error(`Cannot find package '${name}' imported from /a/b.js`), { code: 'ERR_MODULE_NOT_FOUND' });

  it('is not installed: the error has the commands', () => {
    expect(() => notInstalled('cuda')(notFound('@taggerjs/backend-cuda'))).toThrow(
      expect.objectContaining({
        code: 'NOT_INSTALLED',
        message: expect.stringMatching(/`npm install @taggerjs\/backend-cuda`.*`npx taggerjs-setup-tensorflow --cuda`/),
      }),
    );
  });

  it.each([
    ['lacks a package itself', notFound('webgpu')],
    ['throws', new Error('wrong ELF class')],
  ])('is installed, but %s', (_, cause) => {
    expect(() => notInstalled('webgpu')(cause)).toThrow(expect.objectContaining({ code: 'NO_BACKEND', cause }));
  });
});
