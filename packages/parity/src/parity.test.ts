// Registers the gradients of TensorFlow.js's own operations, which one case notes.
import '@tensorflow/tfjs';

import { registerOperationKernel, unregisterOperationKernel } from '@taggerjs/nn';
import * as tf from '@tensorflow/tfjs-core';

import type { BackendUnderTest } from './backend-under-test';
import { parityCases } from './cases/parity-cases';
import { namedBackend } from './named-backend';
import { nnOperations } from './nn-operations';
import { disagreements, type ParityReport } from './parity-report';
import { htmlReport } from './report/html-report';
import { operationTable } from './report/operation-table';
import { resultLine, textReport } from './report/text-report';
import { registeredBackend } from './registered-backend';
import { runParity } from './run-parity';

const cpu = namedBackend('cpu');
const cases = parityCases();

it('has a case, with values, for every operation that nn exports', () => {
  const covered = new Set(cases.filter(({ group }) => group === 'operation').flatMap(({ operations }) => operations));
  expect(nnOperations().length).toBeGreaterThan(40);
  expect(nnOperations().filter(({ kernelName }) => !covered.has(kernelName))).toEqual([]);
});

it('names every case once', () => expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length));

it('states a reason for every tolerance', () => {
  for (const { tolerance } of cases) {
    expect(tolerance.value.reason.length).toBeGreaterThan(10);
    expect(tolerance.gradient.reason.length).toBeGreaterThan(10);
  }
});

describe.each([
  ['cpu', cpu, ['none']],
  ['wasm, 2 threads', namedBackend('wasm:2'), ['on', 'off']],
  // Only our kernels depend on the number of threads here: with kernels off, TensorFlow.js computes.
  ['wasm, 1 thread', namedBackend('wasm:1'), ['on']],
] as const)('%s', (_, backend, modes) => {
  let report: ParityReport;
  beforeAll(async () => {
    report = await runParity({
      backends: [backend],
      cases,
      kernels: modes.includes('off' as never) ? ['on', 'off'] : ['on'],
    });
  }, 600_000);

  it('agrees with the float64 references in every case', () => {
    expect(disagreements(report).map(resultLine)).toEqual([]);
    expect(report.backends[0]?.unavailable).toBeUndefined();
  });

  it(`runs every case with kernels ${modes.join(' and ')}`, () => {
    expect([...new Set(report.results.map(({ kernels }) => kernels))]).toEqual(modes);
    expect(report.results).toHaveLength(modes.length * cases.length);
    expect(report.results.filter(({ outcome }) => outcome !== 'agrees')).toEqual([]);
  });

  it('measures something in every case', () => {
    for (const result of report.results) expect(result.value ?? result.gradient).toBeDefined();
  });
});

describe('a wrong kernel', () => {
  const operation = { kernelName: 'TaggerCombinatorGradient' };
  const some = cases.filter(({ operations }) => operations.some((name) => name.startsWith('TaggerCombinator')));
  /** cpu with a kernel whose du is 1 % off. */
  const faulty: BackendUnderTest = {
    ...cpu,
    name: 'faulty',
    async setUp(kernels) {
      const inUse = await cpu.setUp(kernels);
      // The composition registers itself at the first call; the wrong kernel calls it and then distorts its result.
      await runParity({ backends: [cpu], cases: some.slice(0, 1), kernels: ['on'] });
      await cpu.setUp(kernels);
      const { kernelFunc } = tf.getKernel(operation.kernelName, 'cpu');
      registerOperationKernel(operation, 'cpu', (params) => {
        const outputs = kernelFunc(params) as tf.TensorInfo[];
        const [ds, du, ...rest] = outputs as [tf.Tensor, tf.Tensor, ...tf.Tensor[]];
        const wrong = tf.mul(du, 1.01);
        du.dispose();
        return [ds, wrong, ...rest];
      });
      return inUse;
    },
    tearDown: async () => unregisterOperationKernel(operation, 'cpu'),
  };
  let report: ParityReport;
  beforeAll(async () => {
    report = await runParity({ backends: [faulty], cases: some });
  }, 120_000);

  it('makes the suite disagree, with kernels on and not with kernels off', () => {
    const wrong = disagreements(report);
    expect(wrong.length).toBeGreaterThan(0);
    expect(wrong.every(({ kernels }) => kernels === 'on')).toBe(true);
    expect(report.results.filter(({ kernels }) => kernels === 'off')).toHaveLength(some.length);
  });

  it('is named: operation, backend, case and error', () => {
    for (const result of disagreements(report)) {
      expect(result).toMatchObject({ fault: 'TaggerCombinatorGradient', backend: 'faulty' });
      expect(result.gradient!.absolute!).toBeGreaterThan(result.gradient!.allowed);
      expect(resultLine(result)).toMatch(
        /^faulty, kernels on: TaggerCombinator, .* at fault TaggerCombinatorGradient; error \d.* gradient of output 0 for 'u': element \d+ is/,
      );
    }
    expect(textReport(report)).toContain('at fault TaggerCombinatorGradient');
  });

  it('appears in the table at its operation, and at no other', () => {
    const { rows, columns } = operationTable(report);
    const on = columns.findIndex(({ kernels }) => kernels === 'on');
    const wrong = rows.filter(({ cells }) => cells[on]?.outcome === 'disagrees').map(({ operation: name }) => name);
    expect(wrong).toEqual(['TaggerCombinatorGradient']);
  });

  it('appears in the page, which is self-contained', () => {
    const page = htmlReport(report);
    expect(page).toContain('at fault <code>TaggerCombinatorGradient</code>');
    expect(page).not.toMatch(/<script|src=|href=|@import|url\(/);
  });
});

describe('a backend that cannot be set up', () => {
  it('is in the report with the reason', async () => {
    const report = await runParity({ backends: [registeredBackend('nowhere')], cases });
    expect(report.results).toEqual([]);
    expect(report.backends).toEqual([{ name: 'nowhere', unavailable: expect.stringContaining("'nowhere'") }]);
    expect(textReport(report)).toContain('nowhere: not run: ');
    expect(htmlReport(report)).toContain('not run: ');
  });
});

it('counts a case that leaks or throws as a disagreement, and one with a reason as not run', async () => {
  const [first] = cases;
  const made: tf.Tensor[] = [];
  const report = await runParity({
    backends: [cpu],
    cases: [
      { ...first!, name: 'leaks', run: async () => ({ quantities: [], notes: [String(made.push(tf.scalar(1)))] }) },
      { ...first!, name: 'throws', run: () => Promise.reject(new Error('Kernel missing')) },
      { ...first!, name: 'cannot', cannotRun: () => 'too large for it' },
    ],
  });
  tf.dispose(made);
  expect(report.results.map(({ outcome, message }) => [outcome, message])).toEqual([
    ['disagrees', '1 tensors leaked'],
    ['disagrees', 'it threw: Kernel missing'],
    ['cannot run', 'too large for it'],
  ]);
});
