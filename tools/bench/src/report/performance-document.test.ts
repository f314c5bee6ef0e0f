import { readFileSync } from 'node:fs';

import type { Run } from '../measurements/measurement';
import type { products } from '../measurements/products';
import type { StepResult, StepResults } from '../measurements/steps';
import { NAMED_SETTINGS } from '../step-settings';
import { docs } from './generated-document';
import { performanceDocument, performanceParts } from './performance-document';

const base = {
  date: '2026-01-02T03:04:05.678Z',
  machine: {
    processor: 'A processor',
    cores: 2,
    memoryGiB: 16,
    system: 'linux x64',
    load: 0.01,
    versions: { node: 'v20.20.2' },
  },
  settings: NAMED_SETTINGS.shapes,
  rounds: 3,
};

const result = (name: string, threads: number, ...milliseconds: (number | null)[]): StepResult => ({
  name,
  threads,
  description: name === 'torch' ? 'PyTorch 9' : `${name} of a test`,
  milliseconds,
  peakRssMiB: 512,
  wasmHeapMiB: name === 'torch' ? null : 256,
});

const steps = (settings: Run['settings'], ...results: readonly StepResult[]): Run<StepResults> => ({
  ...base,
  command: settings.task === 'training' ? 'steps' : 'inference',
  settings,
  results,
});

const shapes = steps(
  NAMED_SETTINGS.shapes,
  result('relaxed', 2, 680, 681, 2000),
  result('relaxed', 1, 1360, 1362, 4000),
  result('naive', 2, 13600, null, null),
  result('torch', 2, 850, 851, 2500),
  result('bound', 2, 500, 500, 1500),
  result('tensorflow-bfloat16', 2, 300, 300, 900),
  result('torch-bfloat16-compiled', 2, 400, 400, 1200),
);
const small = steps(
  NAMED_SETTINGS.small,
  result('run', 2, 60, 66),
  result('relaxed', 2, 50, 54),
  result('bound', 2, 40, 40),
  { ...result('tensorflow-bfloat16', 2, 30, 30), description: 'TensorFlow; products in float32: no instructions' },
  result('torch-bfloat16-compiled', 2, 40, 40),
);
const task = { task: 'inference', batch: 1, iterations: 5 } as const;
const inferences = [
  steps({ ...NAMED_SETTINGS.small, ...task }, result('relaxed', 2, 3), result('bound', 2, 1)),
  steps({ ...NAMED_SETTINGS.shapes, ...task }, result('relaxed', 2, 15), result('bound', 2, 10)),
];

type ProductsRun = Parameters<typeof products.section>[0];
const productsRun: ProductsRun = {
  ...base,
  command: 'products',
  results: [
    {
      name: 'W, y = x W',
      M: 100,
      K: 100,
      N: 100,
      transposes: 'nn',
      entries: [
        {
          name: 'relaxed',
          threads: 1,
          // 2 MFLOP. Two undisturbed rounds, 50 and 40 GFLOP/s, and three disturbed ones.
          milliseconds: [0.04, 0.05, 0.1, 0.1, 0.1],
          limitGflops: [50, 50, 50, 50, 50],
          additionsPerNanosecond: [17, 16, 11, 12, 10],
        },
      ],
    },
  ],
};

const rowsOf = (text: string) =>
  text
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );

it('docs/performance.md matches the recorded runs', async () =>
  expect(readFileSync(docs('performance.md'), 'utf8')).toBe(await performanceDocument()));

describe('the document', () => {
  it('states which targets are met, by ratios per round', () => {
    const measured = rowsOf(performanceParts([shapes, small, ...inferences]).targets)
      .slice(2)
      .map((cells) => cells.slice(-2));
    const missing = ['–', 'not measured'];
    expect(measured).toEqual([
      ['0.750', 'yes'],
      missing, // computed in float32
      missing,
      missing,
      missing,
      ['1.36', 'no'],
      ['1.30', 'yes'],
      ['1.57', 'yes'],
      ['0.800', 'yes'],
      ['3.00', 'no'],
      ['1.50', 'yes'],
    ]);
  });

  it('shows the time, the range, ratios to the first variant and to the bound, GFLOP/s and memory', () => {
    const rows = rowsOf(performanceParts([shapes]).measurements);
    expect(rows[2]).toEqual(['relaxed', '2', '681', '680 – 2000', '1.00', '1.36', '99.9', '512', '256']);
    expect(rows[3]?.slice(4, 6)).toEqual(['0.500', '–']);
    expect(rows[4]?.slice(2, 5)).toEqual(['13600', '13600 – 13600', '0.0500']);
    expect(rows[5]).toEqual(['torch', '2', '851', '850 – 2500', '0.800', '1.70', '79.9', '512', '–']);
  });

  it('identifies products that had the core to themselves, by the additions next to them', () => {
    const { measurements } = performanceParts([productsRun]);
    expect(measurements).toContain('10.0 to 17.0 additions per nanosecond');
    expect(measurements).toContain('2 of 5');
    expect(rowsOf(measurements).map((cells) => cells.at(-1))).toEqual([
      'relaxed, 1',
      '--:',
      '20.0 (40 %)',
      'relaxed, 1',
      '--:',
      '45.0 (90 %)',
    ]);
  });

  it('describes variants, once each', () =>
    expect(performanceParts([shapes]).measurements.match(/^- .*$/gm)).toEqual([
      '- relaxed: relaxed of a test',
      '- naive: naive of a test',
      '- torch: PyTorch 9',
      '- bound: bound of a test',
      '- tensorflow-bfloat16: tensorflow-bfloat16 of a test',
      '- torch-bfloat16-compiled: torch-bfloat16-compiled of a test',
    ]));

  it('names the machine once', () => {
    const { machine } = performanceParts([shapes, small]);
    expect(rowsOf(machine).slice(2)).toEqual([
      ['2026-01-02', 'A processor, 2 cores, 16 GiB, linux x64', 'node v20.20.2'],
    ]);
  });
});
