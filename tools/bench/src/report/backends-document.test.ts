import { readFileSync } from 'node:fs';

import type { CaseResult, ParityReport } from '@taggerjs/parity';

import { backendsDocument } from './backends-document';
import { summarizeParity } from './summarize-parity';
import { BACKENDS_DOCUMENT, recordedParity, recordedSteps } from './write-backends-document';

it('docs/backends.md matches the recorded report', () =>
  expect(readFileSync(BACKENDS_DOCUMENT, 'utf8')).toBe(backendsDocument(recordedParity(), recordedSteps())));

const figures = (relative: number) => ({
  absolute: relative,
  relative,
  allowed: 1,
  agrees: true,
  label: 'output 0',
  where: 'element 0',
});
const result = (changes: Partial<CaseResult>): CaseResult => ({
  case: 'TaggerSigmoid, small',
  group: 'operation',
  operations: ['TaggerSigmoid', 'TaggerSigmoidGradient'],
  backend: 'fast',
  kernels: 'on',
  outcome: 'agrees',
  value: figures(1.5e-7),
  gradient: figures(2.5e-6),
  ...changes,
});
const tolerance = { relative: 1, absolute: 0, reason: 'because' };
const report: ParityReport = {
  version: 1,
  date: '2026-01-02T03:04:05.678Z',
  machine: { processor: 'A processor' },
  backends: [
    { name: 'fast', description: 'the fast one', ownKernels: ['TaggerSigmoid'] },
    { name: 'absent', unavailable: 'it is not installed: npm install absent' },
  ],
  results: [
    result({}),
    result({ case: 'difference: long sums', group: 'difference', value: figures(0.0078), notes: ['it flushes'] }),
  ],
  tolerances: { 'difference: long sums': { value: tolerance, gradient: tolerance } },
};
const document = backendsDocument(summarizeParity(report), []);
const lineOf = (start: string) => document.split('\n').find((line) => line.startsWith(start));

it('shows each operation with its error, and a star if a custom kernel computed it', () => {
  expect(lineOf('| TaggerSigmoid ')).toMatch(/\| +1\.5e-7 \\\* \|$/);
  expect(lineOf('| TaggerSigmoidGradient ')).toMatch(/\| +2\.5e-6 \|$/);
  expect(lineOf('| TaggerMatMul ')).toMatch(/no case \|$/);
});

it('shows how much backends differ, and why', () => expect(lineOf('| long sums ')).toMatch(/7\.8e-3 \| because/));

it('names date, machine, notes, and how to enable what was not run', () => {
  for (const text of [
    '2026-01-02',
    'processor A processor',
    '- it flushes',
    'it is not installed: npm install absent',
  ]) {
    expect(document).toContain(text);
  }
});
