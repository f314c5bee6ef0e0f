// Registers the gradients of TensorFlow.js's own operations, which one case reports on in a note, and the `webgl` backend.
import '@tensorflow/tfjs';
import {
  disagreements,
  namedBackend,
  parityCases,
  registeredBackend,
  runParity,
  textReport,
  type CaseGroup,
  type CaseResult,
  type ParityReport,
} from '@taggerjs/parity';

const BACKENDS = {
  wasm: () => namedBackend('wasm:2', { wasmPaths: '/wasm/' }),
  webgpu: () => namedBackend('webgpu'),
  webgl: () => registeredBackend('webgl'),
};

type Backend = keyof typeof BACKENDS;

/** Runs the cases of some groups on a backend. */
export async function parity(backend: Backend, groups: readonly CaseGroup[]) {
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

/** A case before it runs. */
export type CaseName = Pick<CaseResult, 'case' | 'group' | 'operations'>;

/** Lists all cases. {@link parityOf} runs one of them. */
export function allCases(): CaseName[] {
  return parityCases().map(({ name, group, operations }) => ({ case: name, group, operations }));
}

/** Runs one case on a backend, with its kernels on. */
export function parityOf(backend: Backend, name: string): Promise<ParityReport> {
  const cases = parityCases().filter((one) => one.name === name);
  return runParity({ backends: [BACKENDS[backend]()], cases, kernels: ['on'] });
}
