import { findAdapter, isSoftware } from './find-adapter';
import { fakeAdapter, fakePlatform } from './testing/fake-gpu';
import { resolveOptions } from './webgpu-options';

const gpu = fakeAdapter();
const rasterizer = fakeAdapter({ vendor: '', architecture: '', device: 'llvmpipe-llvm-15-0-6', features: [] });
const options = resolveOptions({});
const withSoftware = resolveOptions({ allowSoftware: true });

describe('findAdapter', () => {
  it('takes the first GPU', async () => {
    const found = await findAdapter(fakePlatform([null, gpu, fakeAdapter()]), options);
    expect(found).toEqual({ adapter: gpu, featureLevel: 'core', software: false });
  });

  it('prefers a GPU to a software rasterizer that comes first, allowed or not', async () => {
    for (const either of [options, withSoftware]) {
      expect((await findAdapter(fakePlatform([rasterizer, gpu]), either)).adapter).toBe(gpu);
    }
  });

  it('refuses a software rasterizer, and says what it is and what to do', async () => {
    await expect(findAdapter(fakePlatform([null, rasterizer]), options)).rejects.toMatchObject({
      name: 'TaggerError',
      code: 'NO_BACKEND',
      message: expect.stringMatching(/place 2: llvmpipe.*allowSoftware/),
    });
  });

  it('accepts a software rasterizer if allowed', async () => {
    const found = await findAdapter(fakePlatform([null, rasterizer]), withSoftware);
    expect(found).toEqual({ adapter: rasterizer, featureLevel: 'compatibility', software: true });
  });

  it('reports where it looked, and what went wrong there', async () => {
    await expect(findAdapter(fakePlatform([null, new Error('a driver crashed')]), withSoftware)).rejects.toMatchObject({
      code: 'NO_BACKEND',
      message: expect.stringContaining('(place 1: no adapter; place 2: a driver crashed). Do this.'),
    });
  });
});

describe('isSoftware', () => {
  it.each([
    [{ isFallbackAdapter: true }, true],
    [{ architecture: 'swiftshader' }, true],
    [{ device: 'llvmpipe (LLVM 15.0.6, 256 bits)' }, true],
    [{ description: 'Microsoft Basic Render Driver' }, true],
    [{ device: 'null-backend' }, true],
    [{ isFallbackAdapter: false, vendor: 'nvidia', architecture: 'hopper', device: 'NVIDIA H100' }, false],
  ])('of %j is %s', (info, software) => {
    expect(isSoftware(fakeAdapter(info))).toBe(software);
  });
});
