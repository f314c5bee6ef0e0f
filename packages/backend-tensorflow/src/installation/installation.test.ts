import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { findInstallation, rootFolder } from './installation';
import { BINDING_VERSION } from './manifest';

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
/** An error whose message contains the given text: the fact or the command that a user needs. */
const refusal = (words: string) => ({ code: 'NO_BACKEND', message: expect.stringContaining(words) });
const older = { binding: { ...manifest.binding, version: BINDING_VERSION - 1 } };

describe('rootFolder', () => {
  it("is the option, else the environment variable, else in the user's cache folder", () => {
    const environment = { TAGGERJS_TENSORFLOW: '/elsewhere', XDG_CACHE_HOME: '/cache' };
    expect(rootFolder('/here', environment)).toBe('/here');
    expect(rootFolder(undefined, environment)).toBe('/elsewhere');
    expect(rootFolder(undefined, { XDG_CACHE_HOME: '/cache' })).toBe('/cache/taggerjs/tensorflow');
    expect(rootFolder(undefined, {})).toMatch(/\/\.cache\/taggerjs\/tensorflow$/);
  });
});

describe('findInstallation', () => {
  it('takes the first variant that exists', async () => {
    await install('cuda');
    expect((await findInstallation('test', root, ['cpu', 'cuda'])).folder).toBe(join(root, 'cuda'));
    await install('cpu');
    expect((await findInstallation('test', root, ['cpu', 'cuda'])).folder).toBe(join(root, 'cpu'));
    expect((await findInstallation('test', root, ['cuda', 'cpu'])).folder).toBe(join(root, 'cuda'));
  });

  it('names the command that sets it up if there is none', async () => {
    const [cpu, cuda] = ['`npx taggerjs-setup-tensorflow`', '`npx taggerjs-setup-tensorflow --cuda`'].map(refusal);
    await expect(findInstallation('test', root, ['cpu', 'cuda'])).rejects.toMatchObject(cpu!);
    await expect(findInstallation('test', root, ['cuda', 'cpu'])).rejects.toMatchObject(cuda!);
  });

  it('refuses installations of another version of the package, or another kind of machine', async () => {
    await install('cpu', older);
    await expect(findInstallation('test', root, ['cpu'])).rejects.toMatchObject(refusal('another version'));
    await write('cpu', JSON.stringify({ format: 2 }));
    await expect(findInstallation('test', root, ['cpu'])).rejects.toMatchObject(refusal('another version'));
    await install('cpu', { arch: 'mips' });
    await expect(findInstallation('test', root, ['cpu'])).rejects.toMatchObject(refusal('linux mips'));
  });

  it('names the command of the variant that it refuses', async () => {
    await install('cuda', older);
    const cuda = refusal('`npx taggerjs-setup-tensorflow --cuda`');
    await expect(findInstallation('useTensorflow', root, ['cpu', 'cuda'])).rejects.toMatchObject(cuda);
    await install('cuda', { arch: 'mips' });
    await expect(findInstallation('useTensorflow', root, ['cpu', 'cuda'])).rejects.toMatchObject(cuda);
    await rm(join(root, 'cuda'), { recursive: true });
    await install('cpu', older);
    const cpu = refusal('`npx taggerjs-setup-tensorflow`');
    await expect(findInstallation('useCuda', root, ['cuda', 'cpu'])).rejects.toMatchObject(cpu);
  });

  it('accepts installations with kernels, and older ones without', async () => {
    await install('cpu');
    expect((await findInstallation('test', root, ['cpu'])).manifest.kernels).toBeUndefined();
    await install('cpu', { kernels: { levels: ['baseline'], problem: 'x86-64-v4: no' } });
    expect((await findInstallation('test', root, ['cpu'])).manifest.kernels?.levels).toEqual(['baseline']);
  });

  it.each([
    ['', 'is empty'],
    ['{"format": 1, "vari', 'is not JSON'],
    ['null', 'has no object'],
    ['[1]', 'has no object'],
    ['{}', 'format, variant, platform, arch, tensorflow, tfjsNode, binding, cudaLibraries.'],
    [JSON.stringify({ ...manifest, variant: 'cpu' }), 'missing: variant.'],
    [
      JSON.stringify({ ...manifest, variant: 'cuda', tensorflow: { version: 2 }, kernels: { levels: 'all' } }),
      'missing: tensorflow, kernels.',
    ],
  ])('refuses the manifest %j with the folder, the problem and the command', async (text, problem) => {
    await write('cuda', text);
    const refused = findInstallation('useTensorflow', root, ['cpu', 'cuda']);
    for (const words of [problem, join(root, 'cuda'), '`npx taggerjs-setup-tensorflow --cuda`']) {
      await expect(refused).rejects.toMatchObject(refusal(words));
    }
  });

  it('refuses a manifest that cannot be read', async () => {
    await mkdir(join(root, 'cpu', 'manifest.json'), { recursive: true });
    await expect(findInstallation('test', root, ['cpu'])).rejects.toMatchObject(refusal('EISDIR'));
  });
});
