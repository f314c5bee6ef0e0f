import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { BINDING_VERSION, findInstallation, rootFolder } from './installation';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'taggerjs-installation-'));
});
afterEach(() => rm(root, { recursive: true }));

const manifest = {
  format: 1,
  platform: process.platform,
  arch: process.arch,
  binding: { version: BINDING_VERSION },
};
async function install(variant: string, content: object = {}) {
  await mkdir(join(root, variant), { recursive: true });
  await writeFile(join(root, variant, 'manifest.json'), JSON.stringify({ ...manifest, variant, ...content }));
}

describe('rootFolder', () => {
  it('is what was asked for, else the environment variable, else in the cache folder of the user', () => {
    const environment = { TAGGERJS_TENSORFLOW: '/elsewhere', XDG_CACHE_HOME: '/cache' };
    expect(rootFolder('/here', environment)).toBe('/here');
    expect(rootFolder(undefined, environment)).toBe('/elsewhere');
    expect(rootFolder(undefined, { XDG_CACHE_HOME: '/cache' })).toBe('/cache/taggerjs/tensorflow');
    expect(rootFolder(undefined, {})).toMatch(/\/\.cache\/taggerjs\/tensorflow$/);
  });
});

describe('findInstallation', () => {
  it('takes the first variant that is there', async () => {
    await install('cuda');
    expect((await findInstallation('test', root, ['cpu', 'cuda'])).folder).toBe(join(root, 'cuda'));
    await install('cpu');
    expect((await findInstallation('test', root, ['cpu', 'cuda'])).folder).toBe(join(root, 'cpu'));
    expect((await findInstallation('test', root, ['cuda', 'cpu'])).folder).toBe(join(root, 'cuda'));
  });

  it('says which command sets it up where nothing is there', async () => {
    await expect(findInstallation('useTensorflow', root, ['cpu', 'cuda'])).rejects.toMatchObject({
      code: 'NO_BACKEND',
      message: expect.stringMatching(/^useTensorflow: .*`npx taggerjs-setup-tensorflow` once.*TAGGERJS_TENSORFLOW/),
    });
    await expect(findInstallation('useCuda', root, ['cuda', 'cpu'])).rejects.toMatchObject({
      message: expect.stringContaining('`npx taggerjs-setup-tensorflow --cuda`'),
    });
  });

  it('refuses what another version of the package, or another machine, set up', async () => {
    await install('cpu', { binding: { version: BINDING_VERSION + 1 } });
    await expect(findInstallation('test', root, ['cpu'])).rejects.toThrow(/set up by another version/);
    await install('cpu', { arch: 'mips' });
    await expect(findInstallation('test', root, ['cpu'])).rejects.toThrow(/is for linux mips, and this is Node for/);
  });
});
