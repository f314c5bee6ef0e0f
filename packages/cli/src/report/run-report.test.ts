import { parseRecipe } from '@taggerjs/recipes';
import { createRandom } from '@taggerjs/random';
import type { GroupedExample } from '@taggerjs/train';

import { runReport, type RunReportOptions } from './run-report';

const random = createRandom(1);
const N = 16;
const K = 2;

function example(ami: number): GroupedExample {
  const input = random.uniform(N);
  const iteration = { prediction: random.uniform(K * N), assignment: new Float32Array(K * N).fill(0.5) };
  return {
    input,
    corrupted: input,
    segments: Uint8Array.from({ length: N }, (_, n) => n % 2),
    iterations: [
      { ...iteration, ami: ami / 2 },
      { ...iteration, ami },
    ],
  };
}

const examples = Array.from({ length: 12 }, (_, i) => example(i / 12));
const placed = (...indices: number[]) => indices.map((index) => ({ index, example: examples[index]! }));

const options: RunReportOptions = {
  config: {
    version: '0.1.0',
    started: '2026-01-02T03:04:05.000Z',
    environment: { node: 'v20.0.0', processor: 'A <fast> one' },
    baseFolder: '.',
    recipe: parseRecipe({
      name: 'mine',
      description: 'Shapes <again>',
      data: { type: 'shapes' },
      model: {
        noise: { type: 'bitflip', probability: 0.2 },
        core: { type: 'projected', hiddenSize: 8, mapping: { type: 'ladder', sizes: [4] } },
      },
      training: { steps: 20 },
    }),
  },
  metrics: [
    { type: 'evaluation', step: 0, iterations: [{ cost: 0.8, ami: 0.01, groupsUsed: 2 }] },
    ...Array.from({ length: 20 }, (_, i) => ({
      type: 'step',
      step: i + 1,
      cost: 1 / (i + 2),
      learningRate: 0.001,
      gradientNorm: 1,
      seconds: 0.5 * (i + 1),
    })),
    { type: 'evaluation', step: 20, iterations: [{ cost: 0.2, ami: 0.5, groupsUsed: 2 }] },
  ],
  evaluation: {
    examples: 12,
    iterations: [1, 2].map((iteration) => ({ iteration, cost: 0.2, ami: 0.4321, groupsUsed: 1.75, entropy: 0.1 })),
    classificationError: 0.25,
    confusion: [
      [5, 1],
      [1.5, 4.5],
    ],
    seconds: 1.25,
    exampleAmis: examples.map((_, i) => i / 12),
  },
  split: 'test',
  imageShape: [4, 4],
  chosen: placed(3, 7),
  ranked: { best: placed(11, 10), median: placed(6, 5), worst: placed(0, 1) },
  date: new Date('2026-02-03T04:05:06Z'),
};

describe('runReport', () => {
  const { html, figures } = runReport(options);

  it('loads no external resources', () => {
    expect(html.match(/<script/g)).toHaveLength(1);
    expect(html).not.toMatch(/<script [^>]*src|<link|<img|<iframe|@import|[\s:"]url\(/i);
    const loaded = [...html.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, address = '']) => address.slice(0, 15));
    expect(loaded.filter((address) => address !== 'data:image/png;')).toEqual([]);
  });

  it('shows the scores, the chosen examples, and the best, median and worst', () => {
    expect(html).toContain('<dd>0.432</dd>');
    expect(html).toContain('<dd>25.00 %</dd>');
    for (const places of ['test 3, test 7', 'test 11, test 10', 'test 6, test 5', 'test 0, test 1']) {
      expect(html).toContain(`iteration by iteration: ${places}"`);
    }
  });

  it('gives every figure a unique name, and draws it on white', () => {
    const names = figures.map(({ name }) => name);
    expect([...html.matchAll(/<figure data-name="([^"]+)"/g)].map(([, name]) => name)).toEqual(names);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(
      expect.arrayContaining(['denoising-cost', 'ami', 'groups', 'ami-spread', 'best', 'median', 'worst', 'confusion']),
    );
    for (const { draw } of figures) {
      const svg = draw({ theme: 'light', transparent: false });
      expect(svg).toMatch(/^<svg [^>]*>.*<\/svg>$/s);
      expect(svg).toMatch(/<rect width="[^"]+" height="[^"]+" fill="#ffffff"\/>/);
    }
  });

  it('shows time, versions and the configuration', () => {
    expect(html).toContain('<td>500.0 ms</td>');
    expect(html).toContain('<td>v20.0.0</td>');
    expect(html).toContain('&quot;hiddenSize&quot;: 8');
  });

  it('shows the confusion matrix if there is one', () => {
    expect(html).toContain('>4.5</text>');
    expect(html).toContain('true 1: 1.5 4.5');
    const { confusion: _, classificationError: _error, ...evaluation } = options.evaluation;
    expect(runReport({ ...options, evaluation }).html).not.toContain('<h2>Classes</h2>');
  });

  it('escapes names', () => {
    expect(html).toContain('<h1>mine</h1>');
    expect(html).toContain('Shapes &lt;again&gt;');
    expect(html).toContain('A &lt;fast&gt; one');
  });

  it('omits sections that a run has no data for', () => {
    const { ranked: _, ...unranked } = options;
    const { html: bare, figures: none } = runReport({
      ...unranked,
      metrics: [],
      evaluation: { examples: 5, seconds: 1, classificationCost: 0.5 },
      chosen: [],
    });
    expect(bare).not.toMatch(/<figure|Best|NaN|undefined/);
    expect(bare).toContain('0.5000');
    expect(none).toEqual([]);
  });
});
