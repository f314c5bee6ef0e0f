// Registers the gradients of TensorFlow.js's own operations, which one case notes.
import '@tensorflow/tfjs';

import { readFileSync } from 'node:fs';

import { useBackend } from '@taggerjs/backends';

import { namedBackend } from './named-backend';
import { bfloat16Cases } from './cases/bfloat16-cases';
import { parityCases } from './cases/parity-cases';
import { disagreements } from './parity-report';
import { resultLine } from './report/text-report';
import { runParity } from './run-parity';

const cases = parityCases();

/** The backends that `npm test` does not cover: it runs cpu, and WebAssembly with one and two threads. */
describe.each([
  ['tensorflow:2', 'npm run setup:tensorflow', ['on', 'off']],
  // It has no custom kernels, so it runs once.
  ['webgpu', 'npm run setup:webgpu', ['none']],
] as const)('%s (set up by `%s`)', (name, _, runs) => {
  it('agrees with the float64 references in every case', async () => {
    const report = await runParity({ backends: [namedBackend(name)], cases, kernels: ['on', 'off'] });
    // A missing backend is a failure, and the message says how to install it.
    expect(report.backends.map(({ unavailable }) => unavailable)).toEqual([undefined]);
    expect(disagreements(report).map(resultLine)).toEqual([]);
    expect([...new Set(report.results.map(({ kernels }) => kernels))]).toEqual(runs);
    expect(report.results).toHaveLength(runs.length * cases.length);
  }, 600_000);
});

describe('bfloat16 on TensorFlow', () => {
  const products = bfloat16Cases();
  const flags = readFileSync('/proc/cpuinfo', 'utf8');
  const instructions = ['avx512_bf16', 'amx_bf16'].filter((name) => flags.includes(name));

  it('agrees when it is emulated', async () => {
    const backends = [namedBackend('tensorflow:2', { precision: 'emulated-bfloat16' })];
    const report = await runParity({ backends, cases: products, kernels: ['on'] });
    expect(disagreements(report).map(resultLine)).toEqual([]);
    expect(report.results).toHaveLength(products.length);
  }, 600_000);

  if (instructions.length > 0) {
    it(`agrees with the instructions ${instructions.join(' and ')}`, async () => {
      const backends = [namedBackend('tensorflow:2', { precision: 'bfloat16' })];
      const report = await runParity({ backends, cases: products, kernels: ['on'] });
      expect(disagreements(report).map(resultLine)).toEqual([]);
      expect(report.results).toHaveLength(products.length);
    }, 600_000);
  } else {
    it('computes in float32 and says why. NOT RUN: the instructions of AVX512-BF16 and AMX-BF16', async () => {
      const setup = await useBackend('tensorflow', { threads: 2, precision: 'bfloat16' });
      expect(setup).toMatchObject({ precision: 'float32', noBfloat16: expect.stringContaining('AVX512-BF16') });
    });
  }
});

it('cuda agrees, or says why it cannot be used', async () => {
  // TensorFlow is in this process already, for the CPU; on a machine with a GPU run `tagger parity --backends cuda`.
  const [backend] = (await runParity({ backends: [namedBackend('cuda')], cases })).backends;
  expect(backend?.unavailable).toMatch(/GPU|CUDA|already loaded/);
});
