import { NODE_BACKENDS, nodeBackend } from './node-backends';
import { optionalBackend } from './optional-backend';

const notFound = (name: string) =>
  Object.assign(new Error(`Cannot find package '${name}' imported from /a/b.js`), { code: 'ERR_MODULE_NOT_FOUND' });

/** A backend whose package loads, and works, or does not. */
function backend(load: () => Promise<string>, use: (loaded: string) => Promise<never> | Promise<void>) {
  const torn: string[] = [];
  const under = optionalBackend<string>({
    name: 'some',
    packageName: '@some/package',
    howToGet: 'npm install @some/package',
    load,
    async use(loaded) {
      await use(loaded);
      return { backend: 'some', description: `made of ${loaded}` };
    },
    tearDown: async () => void torn.push('torn down'),
  });
  return { under, torn };
}

describe('a backend of a package that may not be there', () => {
  it('says that the package is not installed', async () => {
    const { under } = backend(
      () => Promise.reject(notFound('@some/package')),
      async () => {},
    );
    expect(await under.available()).toBe('@some/package is not installed');
  });

  it('tells that apart from a package whose own import is missing', async () => {
    const { under } = backend(
      () => Promise.reject(notFound('webgpu')),
      async () => {},
    );
    expect(await under.available()).toMatch(/^@some\/package cannot be imported: Cannot find package 'webgpu'/);
  });

  it('gives the reason for which it cannot be set up', async () => {
    const { under } = backend(
      async () => 'it',
      () => Promise.reject(new Error('there is no GPU to compute on.')),
    );
    expect(await under.available()).toBe('there is no GPU to compute on');
    await expect(under.setUp('on')).rejects.toThrow('there is no GPU');
  });

  it('is available where it can be used, and leaves nothing set up by having tried', async () => {
    const { under, torn } = backend(
      async () => 'it',
      async () => {},
    );
    expect(await under.available()).toBeUndefined();
    expect(torn).toEqual(['torn down']);
    expect(await under.setUp('on')).toEqual({ backend: 'some', description: 'made of it' });
  });
});

describe('nodeBackend', () => {
  it('knows every name, and numbers of threads where they mean something', () => {
    const names = [...NODE_BACKENDS, 'wasm:2', 'tensorflow:2'];
    expect(names.map((name) => nodeBackend(name).name)).toEqual(names);
  });

  it.each(['wasm:0', 'wasm:two', 'cpu:2', 'cuda:2', 'webgpu:1', 'gpu'])('refuses %s', (name) => {
    expect(() => nodeBackend(name)).toThrow(`there is no backend '${name}'; there are cpu, wasm, tensorflow`);
  });
});
