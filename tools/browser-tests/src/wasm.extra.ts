import { join } from 'node:path';

import { openPage, type BrowserPage, type PageOptions } from '@taggerjs-tools/browser';

import type * as program from './programs/wasm-program';

type WasmPage = BrowserPage<typeof program>;

const pages: WasmPage[] = [];
afterEach(async () => {
  for (const page of pages.splice(0)) await page.close();
});

async function open(options: Omit<PageOptions, 'entry'> = {}): Promise<WasmPage> {
  const page = await openPage<typeof program>({ entry: join(__dirname, 'programs/wasm-program.ts'), ...options });
  pages.push(page);
  return page;
}

describe('useWasm in a page that is not isolated', () => {
  it('computes on one thread and reports the reason', async () => {
    const page = await open();
    const setup = await page.call('setUp');
    expect(setup).toMatchObject({ backend: 'wasm', current: 'wasm', simd: true, threads: 1, tfjsThreads: 1 });
    expect(setup.kernels.length).toBeGreaterThan(30);
    expect(setup.threadsLimit).toMatch(/not cross-origin isolated.*Cross-Origin-Opener-Policy/);
    expect(setup.description).toMatch(/^WebAssembly SIMD, 1 thread, .*; no threads, because/);
  });

  it('refuses more threads', async () => {
    const page = await open();
    expect(await page.call('refused', { threads: 2 })).toMatchObject({
      code: 'NO_BACKEND',
      message: expect.stringMatching(/2 threads.*Cross-Origin-Embedder-Policy/),
    });
  });
});

describe.each(['page', 'worker'] as const)('useWasm in an isolated %s', (place) => {
  const isolated = { isolated: true, in: place };

  it('computes on two threads with the kernels', async () => {
    const page = await open(isolated);
    const setup = await page.call('setUp', { threads: 2 });
    expect(setup).toMatchObject({ simd: true, relaxedSimd: true, threads: 2, tfjsThreads: 1 });
    expect(setup.threadsLimit).toBeUndefined();
    expect(setup.kernels).toContain('TaggerMatMul');
  });

  it('gives all threads to TensorFlow.js if kernels are off', async () => {
    const page = await open(isolated);
    const setup = await page.call('setUp', { threads: 2, kernels: 'off' });
    expect(setup).toMatchObject({ threads: 2, tfjsThreads: 2, kernels: [] });
    expect((await page.call('tfjsOperations')).every(Number.isFinite)).toBe(true);
  });

  it('trains to the same bits on one and two threads', async () => {
    const page = await open(isolated);
    await page.call('setUp', { threads: 2 });
    const two = await page.call('trainedWeights', 3);
    await page.call('setUp', { threads: 1 });
    const one = await page.call('trainedWeights', 3);
    expect(two.costs).toHaveLength(3);
    expect(two.weights.length).toBeGreaterThan(100_000);
    expect(one).toEqual(two);
    expect(one.costs.every((cost) => cost > 0 && cost < 1)).toBe(true);
  });

  it('can be set up again with other options, also after removal', async () => {
    const page = await open(isolated);
    for (const options of [{ threads: 2 }, { threads: 1 }, { threads: 2, kernels: 'off' as const }, { threads: 2 }]) {
      expect(await page.call('setUp', options)).toMatchObject({ threads: options.threads });
      expect((await page.call('tfjsOperations')).every(Number.isFinite)).toBe(true);
    }
    await page.call('remove');
    expect(await page.call('setUp', { threads: 2 })).toMatchObject({ threads: 2 });
    expect((await page.call('tfjsOperations')).every(Number.isFinite)).toBe(true);
  });
});

describe('wasmPaths', () => {
  it('is named in the error about missing files, and can then be fixed', async () => {
    const page = await open({ expectedErrors: /nowhere|wasm/ });
    expect(await page.call('refused', { wasmPaths: '/nowhere/' })).toMatchObject({
      name: 'TaggerError',
      code: 'NO_BACKEND',
      message: expect.stringMatching(/wasmPaths/),
    });
    expect(await page.call('setUp')).toMatchObject({ backend: 'wasm' });
    expect((await page.call('tfjsOperations')).every(Number.isFinite)).toBe(true);
  });

  it('accepts single files', async () => {
    const page = await open();
    const wasmPaths = { 'tfjs-backend-wasm-simd.wasm': '/wasm/tfjs-backend-wasm-simd.wasm' };
    expect(await page.call('setUp', { wasmPaths })).toMatchObject({ backend: 'wasm' });
  });
});
