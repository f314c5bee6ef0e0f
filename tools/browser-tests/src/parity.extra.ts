import { join } from 'node:path';

import { disagreements, textReport } from '@taggerjs/parity';
import { openPage, type PageOptions } from '@taggerjs-tools/browser';

import type * as parityProgram from './programs/parity-program';
import { runInTime } from './run-in-time';

const entry = join(__dirname, 'programs/parity-program.ts');

const SUITE = ['operation', 'noise', 'ladder', 'golden', 'difference'] as const;

async function run(
  backend: 'wasm' | 'webgpu',
  groups: Parameters<typeof parityProgram.parity>[1],
  options: Omit<PageOptions, 'entry'>,
) {
  const page = await openPage<typeof parityProgram>({
    entry,
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

  it('WebGPU agrees, on a software rasterizer if there is no GPU', async () => {
    const args = ['--enable-unsafe-webgpu'];
    const { unavailable, disagreements, count, cases } = await run('webgpu', SUITE, { args });
    expect([unavailable, disagreements, count]).toEqual([undefined, [], cases]);
  }, 600_000);

  it('WebGL agrees in the cases that a software rasterizer finishes in time: noise models, operations, the Ladder', async () => {
    const page = await openPage<typeof parityProgram>({ entry });
    const cases = await page.call('allCases');
    await page.close();
    const known = new Set<string>();
    const chosen = cases.filter(({ group, operations }) => {
      const isNew = group === 'operation' && operations.some((operation) => !known.has(operation));
      operations.forEach((operation) => known.add(operation));
      return isNew;
    });
    // On a software rasterizer, all cases take minutes, mostly to compile a program for each operation and shape.
    const ofGroup = (name: string) => cases.filter(({ group }) => group === name);
    const all = [...ofGroup('noise'), ...chosen, ...ofGroup('ladder')];
    const report = await runInTime('webgl', all, { entry }, { one: 15, all: 70 });
    console.log(textReport(report));
    expect(disagreements(report)).toEqual([]);
    expect(report.results.map(({ case: name }) => name)).toEqual(all.map(({ case: name }) => name));
    expect(report.results.filter(({ outcome }) => outcome === 'agrees').length).toBeGreaterThanOrEqual(10);
  }, 120_000);
});
