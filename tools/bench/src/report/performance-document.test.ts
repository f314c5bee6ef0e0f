import { existsSync, readFileSync } from 'node:fs';

import type { InferenceRun, ProductsRun, ProfileRun, Run, StepResult, StepsRun } from '../run';
import { NAMED_SETTINGS } from '../step-settings';
import { performanceDocument } from './performance-document';
import { DOCUMENT, recordedRuns } from './recorded-runs';

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
  warmUp: 2,
};

const result = (name: string, threads: number, ...milliseconds: (number | null)[]): StepResult => ({
  name,
  threads,
  description: name === 'peer' ? 'PyTorch 9' : `${name} of a test`,
  milliseconds,
  peakRssMiB: 512,
  wasmHeapMiB: name === 'peer' ? null : 256,
});

const steps: StepsRun = {
  ...base,
  command: 'steps',
  results: [
    result('relaxed', 2, 680, 681, 2000),
    result('relaxed', 1, 1360, 1362, 4000),
    result('naive', 2, 13600, null, null),
    result('peer', 2, 850, 851, 2500),
  ],
};
const textures: StepsRun = {
  ...base,
  settings: NAMED_SETTINGS.textures,
  command: 'steps',
  results: [result('relaxed', 2, 110), result('peer', 2, 100)],
};
const inference: InferenceRun = {
  ...base,
  settings: { ...NAMED_SETTINGS.shapes, task: 'inference', batch: 1, iterations: 5 },
  command: 'inference',
  results: [result('relaxed', 2, 14, 15, 16)],
  bounds: [{ threads: 2, milliseconds: [10, 10, 10] }],
};
const products: ProductsRun = {
  ...base,
  command: 'products',
  limitFused: true,
  results: [
    {
      name: 'W, y = x W',
      M: 100,
      K: 100,
      N: 100,
      transposes: 'nn',
      // 2 MFLOP in 40 us: 50 GFLOP/s
      entries: [{ name: 'relaxed', threads: 1, milliseconds: [0.04, 0.04], limitGflops: [60, 62.5] }],
    },
  ],
};
const profile: ProfileRun = {
  ...base,
  command: 'profile',
  results: [
    {
      name: 'relaxed',
      threads: 2,
      description: '',
      parts: [{ products: 70, elementWise: 20, outside: 10 }],
      kernels: [{ name: 'TaggerMatMul', milliseconds: 70, calls: 42 }],
    },
  ],
};

const rowsOf = (runs: readonly Run[], heading: string) => {
  const document = performanceDocument(runs);
  const section = document.slice(document.indexOf(heading)).split('\n## ')[0] ?? '';
  return section
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
};

describe('docs/performance.md', () => {
  it('matches the recorded runs', () => {
    expect(existsSync(DOCUMENT)).toBe(true);
    expect(readFileSync(DOCUMENT, 'utf8')).toBe(performanceDocument(recordedRuns()));
  });
});

describe('the document', () => {
  it('states which targets are met, by ratios per round', () => {
    const rows = rowsOf([steps, textures, inference, products, profile], '## Targets').slice(2);
    expect(rows.map(([, , measured, met]) => [measured, met])).toEqual([
      ['0.800', 'yes'],
      ['0.0500', 'yes'],
      ['0.500', 'yes'],
      ['82 %', 'no'],
      ['20 %', 'yes'],
      ['1.10', 'no'],
      ['1.50', 'yes'],
      ['not measured', '–'],
    ]);
  });

  it('shows the time, the range, GFLOP/s, and the ratio to the first contestant', () => {
    const rows = rowsOf([steps], '## A training step');
    expect(rows[2]).toEqual(['relaxed', '2', '681', '680 – 2000', '99.9', '1.00', '512', '256']);
    expect(rows[4]).toEqual(['naive', '2', '13600', '13600 – 13600', '5.00', '0.0500', '512', '256']);
    expect(rows[5]).toEqual(['peer', '2', '851', '850 – 2500', '79.9', '0.800', '512', '–']);
  });

  it('identifies products that had the core to themselves, by the additions next to them', () => {
    const [product] = products.results as [ProductsRun['results'][number]];
    const [entry] = product.entries as [(typeof product.entries)[number]];
    const disturbed = {
      ...products,
      results: [
        {
          ...product,
          entries: [
            // Two undisturbed rounds, 50 and 40 GFLOP/s, and three disturbed ones.
            {
              ...entry,
              milliseconds: [0.04, 0.05, 0.1, 0.1, 0.1],
              limitGflops: [50, 50, 50, 50, 50],
              additionsPerNanosecond: [17, 16, 11, 12, 10],
            },
          ],
        },
      ],
    };
    const document = performanceDocument([disturbed]);
    expect(document).toContain('10.0 to 17.0 additions per nanosecond');
    expect(document).toContain('2 of 5');
    expect(document).toContain('20.0 (40 %)');
    expect(document).toContain('44.4 (90 %)');
    expect(document).toContain('3 of 5');
    expect(document).toMatch(/other measurements .*90 %/);
  });

  it('describes peers', () => expect(performanceDocument([steps])).toContain('\n- peer: PyTorch 9\n'));

  it('names date, machine, versions and load', () => {
    const document = performanceDocument([steps]);
    for (const text of ['2026-01-02', 'A processor, 2 cores, 16 GiB', 'node v20.20.2', '0.01']) {
      expect(document).toContain(text);
    }
  });

  it('names the command if nothing is recorded', () =>
    expect(performanceDocument([])).toContain('npm run bench -- record'));
});
