import { importBackend } from './import-backend';

const install = ['npm install @some/package', 'npx some-setup'];
const importing = (error: Error) =>
  importBackend('some', { packageName: '@some/package', load: () => Promise.reject(error), install });

describe('importBackend', () => {
  it('gives what the package exports', async () => {
    const load = async () => ({ use: 1 });
    expect(await importBackend('some', { packageName: '@some/package', load, install })).toEqual({ use: 1 });
  });

  it('says how to install a package that is not there', async () => {
    const missing = Object.assign(new Error("Cannot find package '@some/package' imported from /a.js"), {
      code: 'ERR_MODULE_NOT_FOUND',
    });
    await expect(importing(missing)).rejects.toMatchObject({
      code: 'USAGE',
      message:
        '--backend some: @some/package is not installed. Install it beside this one: `npm install @some/package`, then ' +
        '`npx some-setup`; or take --backend wasm.',
    });
  });

  it('does not advise to install what is there and broken', async () => {
    await expect(importing(new Error('a wrong ELF class'))).rejects.toMatchObject({
      code: 'USAGE',
      message: '--backend some: @some/package cannot be imported: a wrong ELF class. Take --backend wasm.',
    });
  });
});
