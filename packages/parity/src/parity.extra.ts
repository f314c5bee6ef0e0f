// Registers the gradients of TensorFlow.js's own operations, which one case notes.
import '@tensorflow/tfjs';

import { namedBackend } from './named-backend';
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

it('cuda agrees, or says why it cannot be used', async () => {
  // TensorFlow is in this process already, for the CPU; on a machine with a GPU run `tagger parity --backends cuda`.
  const [backend] = (await runParity({ backends: [namedBackend('cuda')], cases })).backends;
  expect(backend?.unavailable).toMatch(/GPU|CUDA|already loaded/);
});
