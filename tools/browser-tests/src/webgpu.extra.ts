import { join } from 'node:path';

import { openPage, type BrowserPage } from '@taggerjs-tools/browser';
import { expectAllClose } from '@taggerjs-tools/testing';

import type * as webgpuProgram from './programs/webgpu-program';

/** Without a GPU, this enables Chromium's software rasterizer, SwiftShader. */
const args = ['--enable-unsafe-webgpu'];

const open = (options: { args: string[] }) =>
  openPage<typeof webgpuProgram>({ entry: join(__dirname, 'programs/webgpu-program.ts'), ...options });

describe('useWebgpu in a page', () => {
  let page: BrowserPage<typeof webgpuProgram>;
  beforeAll(async () => {
    page = await open({ args });
  });
  afterAll(() => page?.close());

  it('finds an adapter, and refuses a software rasterizer unless it is allowed', async () => {
    const setup = await page.call('setUp', { allowSoftware: true });
    expect(setup).toMatchObject({ backend: 'webgpu', current: 'webgpu', featureLevel: 'core' });
    const refused = await page.call('refused', { powerPreference: 'low-power' });
    expect(refused?.code).toBe(setup.software ? 'NO_BACKEND' : undefined);
  });

  it('computes products and their gradients', async () => {
    await page.call('setUp', { allowSoftware: true });
    const second = [0, 1, 2, 3, 4].map((i) => [i, 0.5, -2 * i]);
    const row = second.map((values) => values.reduce((sum, value) => sum + value));
    expectAllClose(await page.call('gradientOfProduct', 3, second), [...row, ...row, ...row]);
  });
});

it('a browser without WebGPU is refused', async () => {
  const page = await open({ args: ['--disable-features=WebGPU,WebGPUService', '--disable-gpu'] });
  expect(await page.call('refused', { allowSoftware: true })).toMatchObject({ code: 'NO_BACKEND' });
  await page.close();
});
