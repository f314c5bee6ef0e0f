import { describeSetup, type WebgpuSetup } from './webgpu-setup';

const setup = (
  adapter: Partial<WebgpuSetup['adapter']>,
  rest: Partial<Pick<WebgpuSetup, 'software' | 'featureLevel'>> = {},
): WebgpuSetup => ({
  backend: 'webgpu',
  adapter: { vendor: '', architecture: '', device: '', description: '', ...adapter },
  software: false,
  featureLevel: 'core',
  limits: {},
  lost: new Promise(() => {}),
  ...rest,
});

test.each([
  [setup({ vendor: 'nvidia', architecture: 'hopper' }), 'WebGPU on nvidia hopper'],
  [setup({ vendor: 'amd', description: 'Radeon' }), 'WebGPU on amd (Radeon)'],
  [setup({ description: 'Radeon' }), 'WebGPU on Radeon'],
  [setup({}), 'WebGPU on an adapter without a description'],
  [
    setup({ device: 'llvmpipe' }, { software: true, featureLevel: 'compatibility' }),
    'WebGPU on llvmpipe, compatibility level; a software rasterizer, for tests: other backends are faster here',
  ],
])('describeSetup %#', (given, expected) => {
  expect(describeSetup(given)).toBe(expected);
});
