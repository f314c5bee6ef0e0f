import { withCode } from '@taggerjs-tools/testing';

import { loadComponentFactories, loadComponentFactory } from './load-component';

const factory = () => ({ config: { type: 'mine' }, create: () => ({}) });
const importing =
  (modules: Readonly<Record<string, unknown>>, imported: string[] = []) =>
  async (specifier: string) => {
    imported.push(specifier);
    if (!(specifier in modules)) throw new Error(`Cannot find module '${specifier}'`);
    return modules[specifier];
  };

describe('loadComponentFactory', () => {
  it.each<[string, string, unknown]>([
    ['the default export of a path', './x.mjs', { default: factory }],
    ['a named export of a path', './x.mjs#mine', { mine: factory }],
    ['the default export of a CommonJS module', './x.mjs', { default: { default: factory } }],
    ['CommonJS exports that are a function', './x.mjs', { default: factory, 'module.exports': factory }],
  ])('loads %s', async (_, type, module) => {
    expect(await loadComponentFactory(type, { importModule: importing({ './x.mjs': module }) })).toBe(factory);
  });

  it.each([
    ['a name', 'mlp'],
    ['a missing module', './y.mjs'],
    ['a missing export', './x.mjs#other', 'mine', 'number'],
    ['an export that is not a function', './x.mjs#number'],
    ['an inherited property', './x.mjs#toString'],
  ])('refuses %s', async (_, type, ...exports) => {
    const importModule = importing({ './x.mjs': { mine: factory, number: 3 } });
    await expect(loadComponentFactory(type, { importModule })).rejects.toThrow(
      withCode('UNKNOWN_TYPE', type, ...exports),
    );
  });

  it('keeps the cause of a failed import', async () => {
    const importModule = importing({});
    await expect(loadComponentFactory('./y.mjs', { importModule })).rejects.toHaveProperty('cause', expect.any(Error));
  });
});

describe('loadComponentFactories', () => {
  it('loads every module that a configuration names, however deep, each once', async () => {
    const imported: string[] = [];
    const importModule = importing({ './core.mjs': { default: factory }, pack: { a: factory, b: factory } }, imported);
    const config = {
      noise: { type: 'bitflip' },
      core: {
        type: './core.mjs',
        mapping: { type: 'pack#a', parts: [{ type: 'pack#b' }, { type: 'mlp', sizes: [3] }, null] },
        other: { type: 'pack#a' },
      },
    };
    const factories = await loadComponentFactories(config, { importModule });
    expect(Object.keys(factories).sort()).toEqual(['./core.mjs', 'pack#a', 'pack#b']);
    expect(imported.sort()).toEqual(['./core.mjs', 'pack', 'pack']);
  });

  it('imports nothing if the configuration names no module', async () => {
    const importModule = importing({});
    expect(await loadComponentFactories({ type: 'mlp', sizes: [3] }, { importModule })).toEqual({});
  });
});
