import { readFileSync } from 'node:fs';

import type { CaseResult, ParityReport } from '@taggerjs/parity';

import { backendsDocument, backendsParts } from './backends-document';
import { docs } from './generated-document';
import { summarizeParity } from './summarize-parity';

it('docs/backends.md matches the recorded report', async () =>
  expect(readFileSync(docs('backends.md'), 'utf8')).toBe(await backendsDocument()));

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
const parts = backendsParts(summarizeParity(report));
const cellsOf = (part: string, start: string) =>
  part
    .split('\n')
    .find((line) => line.startsWith(`| ${start} `))
    ?.split(' | ')
    .slice(1)
    .map((cell) => cell.replace(/ \|$/, ''));

it('shows each operation with its error, and a star if a custom kernel computed it', () => {
  expect(cellsOf(parts.operations, 'TaggerSigmoid')).toEqual(['1.5e-7 \\*']);
  expect(cellsOf(parts.operations, 'TaggerSigmoidGradient')).toEqual(['2.5e-6']);
  expect(cellsOf(parts.operations, 'TaggerMatMul')).toEqual(['no case']);
});

it('counts the cases of each group, with their largest errors', () =>
  expect(cellsOf(parts.cases, 'operation')).toEqual(['1', '1: 1.5e-7, 2.5e-6']));

it('shows how much backends differ, and why', () =>
  expect(cellsOf(parts.differences, 'long sums')).toEqual(['7.8e-3', 'because']));

it('names date, machine, notes, and how to enable what was not run', () => {
  expect(parts.backends).toContain('2026-01-02; processor A processor');
  expect(cellsOf(parts.backends, 'absent')?.[0]).toContain('npm install absent');
  expect(parts.notes).toBe('- it flushes\n');
});
