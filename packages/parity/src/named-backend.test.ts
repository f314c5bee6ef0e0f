import { BACKENDS } from '@taggerjs/backends';

import { namedBackend } from './named-backend';

it('accepts every backend, and numbers of threads', () => {
  const names = [...BACKENDS, 'wasm:2', 'tensorflow:2'];
  expect(names.map((name) => namedBackend(name).name)).toEqual(names);
});

it.each(['wasm:0', 'wasm:two', 'cpu:2', 'webgpu:1', 'gpu'])('refuses %s', (name) => {
  expect(() => namedBackend(name)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
});
