import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { BINDING_VERSION, findInstallation, rootFolder } from './installation';
import { machineName } from './staging';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'taggerjs-installation-'));
});
afterEach(() => rm(root, { recursive: true }));

const manifest = {
  format: 1,
  platform: process.platform,
  arch: process.arch,
  tensorflow: { version: '2.20.0', source: 'tensorflow_cpu-2.20.0' },
  tfjsNode: '@tensorflow/tfjs-node@4.22.0',
  binding: { version: BINDING_VERSION, hash: 'of sources', compiler: 'c++ 12' },
  cudaLibraries: [],
};
async function write(variant: string, text: string) {
  await mkdir(join(root, variant), { recursive: true });
  await writeFile(join(root, variant, 'manifest.json'), text);
}
const install = (variant: string, content: object = {}) =>
  write(variant, JSON.stringify({ ...manifest, variant, ...content }));
const older = { binding: { ...manifest.binding, version: BINDING_VERSION - 1 } };

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
    await install('cpu', older);
    await expect(findInstallation('test', root, ['cpu'])).rejects.toThrow(/set up by another version/);
    await write('cpu', JSON.stringify({ format: 2 }));
    await expect(findInstallation('test', root, ['cpu'])).rejects.toThrow(/set up by another version/);
    await install('cpu', { arch: 'mips' });
    await expect(findInstallation('test', root, ['cpu'])).rejects.toThrow(/is for linux mips, and this is Node for/);
  });

  it('says the command of the variant that it refuses, not of the one that was looked for first', async () => {
    await install('cuda', older);
    await expect(findInstallation('useTensorflow', root, ['cpu', 'cuda'])).rejects.toThrow(
      /-tensorflow --cuda` to set/,
    );
    await install('cuda', { arch: 'mips' });
    await expect(findInstallation('useTensorflow', root, ['cpu', 'cuda'])).rejects.toThrow(/-tensorflow --cuda` here/);
    await rm(join(root, 'cuda'), { recursive: true });
    await install('cpu', older);
    await expect(findInstallation('useCuda', root, ['cuda', 'cpu'])).rejects.toThrow(/`npx [\w-]+-tensorflow` to set/);
  });

  it('takes what was set up before there were kernels, and with them', async () => {
    await install('cpu');
    expect((await findInstallation('test', root, ['cpu'])).manifest.kernels).toBeUndefined();
    await install('cpu', { kernels: { levels: ['baseline'], problem: 'x86-64-v4: no' } });
    expect((await findInstallation('test', root, ['cpu'])).manifest.kernels?.levels).toEqual(['baseline']);
  });

  it.each([
    ['', /manifest\.json is empty/],
    ['{"format": 1, "vari', /manifest\.json is not JSON \(/],
    ['null', /manifest\.json has no object/],
    ['[1]', /manifest\.json has no object/],
    [
      '{}',
      /is damaged: wrong or missing: format, variant, platform, arch, tensorflow, tfjsNode, binding, cudaLibraries\./,
    ],
    [JSON.stringify({ ...manifest, variant: 'cpu' }), /is damaged: wrong or missing: variant\./],
    [
      JSON.stringify({ ...manifest, variant: 'cuda', tensorflow: { version: 2 }, kernels: { levels: 'all' } }),
      /is damaged: wrong or missing: tensorflow, kernels\./,
    ],
  ])('says the folder, what is wrong and what to do where the manifest is %j', async (text, problem) => {
    await write('cuda', text);
    const refused = findInstallation('useTensorflow', root, ['cpu', 'cuda']);
    await expect(refused).rejects.toMatchObject({ name: 'TaggerError', code: 'NO_BACKEND' });
    await expect(refused).rejects.toThrow(problem);
    await expect(refused).rejects.toThrow(`useTensorflow: what is in ${join(root, 'cuda')} is no TensorFlow`);
    await expect(refused).rejects.toThrow('Run `npx taggerjs-setup-tensorflow --cuda` to set it up anew.');
  });

  it('says that a manifest cannot be read', async () => {
    await mkdir(join(root, 'cpu', 'manifest.json'), { recursive: true });
    await expect(findInstallation('test', root, ['cpu'])).rejects.toMatchObject({
      code: 'NO_BACKEND',
      message: expect.stringMatching(/manifest\.json cannot be read \(EISDIR/),
    });
  });

  it('finds the installation that a setup took from its place before it was killed', async () => {
    const replaced = `.replaced-cpu-999999999-${machineName()}-abcdef0`;
    await install(replaced, { variant: 'cpu' });
    expect((await findInstallation('test', root, ['cpu'])).folder).toBe(join(root, 'cpu'));
  });
});
