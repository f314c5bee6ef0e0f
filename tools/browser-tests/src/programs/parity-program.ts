// Registers the gradients of TensorFlow.js's own operations, which a note of a case tries.
import '@tensorflow/tfjs';
import * as webgpu from '@taggerjs/backend-webgpu';
import {
  disagreements,
  parityCases,
  runParity,
  textReport,
  wasmBackend,
  webgpuBackend,
  type CaseGroup,
} from '@taggerjs/parity';

const BACKENDS = {
  wasm: () => wasmBackend({ wasmPaths: '/wasm/', threads: 2 }),
  webgpu: () => webgpuBackend(() => Promise.resolve(webgpu)),
};

/** Runs the cases of some groups on a backend. */
export async function parity(backend: keyof typeof BACKENDS, groups: readonly CaseGroup[]) {
  const cases = parityCases().filter(({ group }) => groups.includes(group));
  const report = await runParity({ backends: [BACKENDS[backend]()], cases });
  return {
    text: textReport(report),
    unavailable: report.backends[0]?.unavailable,
    disagreements: disagreements(report).map((result) => `${result.case}: ${result.message}`),
    count: report.results.length,
    cases: cases.length,
  };
}
