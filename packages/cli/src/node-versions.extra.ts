// Runs the built packages on newer versions of Node.
import { installNode } from '@taggerjs-tools/testing';
import type { ParityReport } from '@taggerjs/parity';

import { runTagger } from './testing/command';

/** The golden vectors, ten training steps, and the matrix products and normalizations that take most of the time. */
const CASES = 'golden,training,TaggerMatMul,TaggerNormalize';

describe.each(['22', '24'])('Node %s', (version) => {
  let node: string;
  beforeAll(() => {
    node = installNode(version);
  }, 300_000);

  it.each([
    ['cpu', /^plain JavaScript/, ['none']],
    // Relaxed SIMD is on by default since Node 22, and must be detected.
    ['wasm:1', /^WebAssembly SIMD, 1 thread, \d+ custom kernels \(relaxed SIMD\)/, ['on', 'off']],
    ['wasm:2', /^WebAssembly SIMD, 2 threads, \d+ custom kernels \(relaxed SIMD\)/, ['on', 'off']],
    ['tensorflow:2', /^TensorFlow 2\.\S+ on the CPU, 2 threads, \d+ custom kernels/, ['on', 'off']],
    ['webgpu', /^WebGPU on /, ['none']],
  ])(
    '%s agrees with the float64 references',
    async (backend, description, kernels) => {
      const { code, stdout, stderr } = await runTagger(
        __dirname,
        ['parity', '--backends', backend, '--cases', CASES, '--json'],
        { node, env: { EGL_PLATFORM: process.env['EGL_PLATFORM'] ?? 'surfaceless' } },
      );
      // Dawn warns about drivers that it did not find.
      const said = stderr.split('\n').filter((line) => !/^(Warning: |\s+at operator|$)/.test(line));
      expect([code, said]).toEqual([0, []]);
      const { machine, backends, results } = JSON.parse(stdout) as ParityReport;
      expect(machine['node']).toMatch(new RegExp(`^v${version}\\.`));
      expect(backends).toEqual([
        expect.objectContaining({ name: backend, description: expect.stringMatching(description) }),
      ]);
      expect([...new Set(results.map((result) => result.kernels))]).toEqual(kernels);
      expect(results.length).toBeGreaterThan(25 * kernels.length);
      expect(results.filter(({ outcome }) => outcome !== 'agrees')).toEqual([]);
    },
    300_000,
  );
});
