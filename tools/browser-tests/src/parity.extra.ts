import { join } from 'node:path';

import { openPage, type PageOptions } from '@taggerjs-tools/browser';

import type * as parityProgram from './programs/parity-program';

const SUITE = ['operation', 'noise', 'ladder', 'golden', 'difference'] as const;

async function run(
  backend: 'wasm' | 'webgpu',
  groups: Parameters<typeof parityProgram.parity>[1],
  options: Omit<PageOptions, 'entry'>,
) {
  const page = await openPage<typeof parityProgram>({
    entry: join(__dirname, 'programs/parity-program.ts'),
    ...options,
  });
  const result = await page.call('parity', backend, groups);
  console.log(result.text);
  await page.close();
  return result;
}

describe('parity in a browser', () => {
  it('WebAssembly with two threads agrees with the float64 references, with kernels and without', async () => {
    const groups = [...SUITE, 'tagger', 'training', 'trap'] as const;
    const { unavailable, disagreements, count, cases } = await run('wasm', groups, { isolated: true, in: 'worker' });
    expect([unavailable, disagreements, count]).toEqual([undefined, [], 2 * cases]);
  }, 600_000);

  it('WebGPU agrees, on a software rasterizer where there is no GPU', async () => {
    const args = ['--enable-unsafe-webgpu'];
    const { unavailable, disagreements, count, cases } = await run('webgpu', SUITE, { args });
    expect([unavailable, disagreements, count]).toEqual([undefined, [], cases]);
  }, 600_000);
});
