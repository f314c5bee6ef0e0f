import { importBackend } from './import-backend';

const importing = (error: Error) => importBackend('cuda', '@taggerjs/backend-cuda', () => Promise.reject(error));

describe('importBackend', () => {
  it('gives what the package exports', async () => {
    expect(await importBackend('cuda', '@taggerjs/backend-cuda', async () => ({ use: 1 }))).toEqual({ use: 1 });
  });

  it('says how a package is had that is not there', async () => {
    const missing = Object.assign(new Error("Cannot find package '@taggerjs/backend-cuda' imported from /a.js"), {
      code: 'ERR_MODULE_NOT_FOUND',
    });
    await expect(importing(missing)).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringMatching(
        /^--backend cuda: @taggerjs\/backend-cuda is not installed\. How it is had: npm install @taggerjs\/backend-cuda, then .* --cuda/,
      ),
    });
  });

  it('does not advise to install what is there and broken', async () => {
    await expect(importing(new Error('a wrong ELF class'))).rejects.toMatchObject({
      code: 'USAGE',
      message: '--backend cuda: @taggerjs/backend-cuda cannot be imported: a wrong ELF class. Take --backend wasm.',
    });
  });
});
