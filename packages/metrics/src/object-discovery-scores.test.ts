import { readGolden } from '@taggerjs-tools/testing';
import fc from 'fast-check';

import { adjustedMutualInformation } from './adjusted-mutual-information';
import { adjustedRandIndex } from './adjusted-rand-index';
import { meanBestOverlap, meanSegmentationCovering } from './best-overlap';
import { objectDiscoveryScores } from './object-discovery-scores';

interface Case {
  readonly name: string;
  readonly truth: readonly number[];
  readonly predicted: readonly number[];
  readonly ari: number;
  readonly ariForeground: number;
  readonly amiForeground: number;
  readonly mbo: number;
  readonly msc: number;
}

const { cases } = readGolden<{ readonly cases: readonly Case[] }>('object-discovery');
const background = 0;

describe('the measures of object discovery', () => {
  test.each(cases.map((golden) => [golden.name, golden] as const))(
    'are those of scikit-learn: %s',
    (_name, { truth, predicted, ...expected }) => {
      const foreground = truth.map((label) => (label === background ? 255 : label));
      const own = {
        ari: adjustedRandIndex(truth, predicted),
        ariForeground: adjustedRandIndex(truth, predicted, { background }),
        amiForeground: adjustedMutualInformation(foreground, predicted),
        mbo: meanBestOverlap(truth, predicted, { background }),
        msc: meanSegmentationCovering(truth, predicted),
      };
      for (const [name, value] of Object.entries(own))
        expect(Math.abs(value - expected[name as keyof typeof own])).toBeLessThan(1e-12);
    },
  );

  it('objectDiscoveryScores measures each example on its own', () => {
    const chosen = cases.filter(({ truth }) => truth.length === 72);
    const truth = chosen.flatMap((one) => one.truth);
    const predicted = chosen.flatMap((one) => one.predicted);
    const scores = objectDiscoveryScores(truth, predicted, { size: chosen.length, background });
    expect(chosen.length).toBeGreaterThan(20);
    for (const measure of ['ari', 'ariForeground', 'mbo', 'msc'] as const)
      chosen.forEach((one, b) => expect(Math.abs(scores[measure][b]! - one[measure])).toBeLessThan(1e-12));
  });

  it('without a background, the foreground is everything', () => {
    const { ari, ariForeground, mbo, msc } = objectDiscoveryScores([0, 0, 1, 255], [0, 1, 1, 1], {
      size: 1,
      background: null,
    });
    expect(ariForeground[0]).toBe(ari[0]);
    expect(mbo[0]).toBe(msc[0]);
  });
});

describe('meanBestOverlap', () => {
  it('is 1 exactly for groups that are the objects', () => {
    const labels = fc.array(fc.tuple(fc.nat(3), fc.nat(3)), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(labels, (pairs) => {
        const [truth, predicted] = [pairs.map(([label]) => label), pairs.map(([, label]) => label)];
        const overlap = meanBestOverlap(truth, predicted);
        expect(overlap).toBeGreaterThan(0);
        expect(overlap).toBeLessThanOrEqual(1);
        expect(meanBestOverlap(truth, truth)).toBe(1);
        expect(overlap === 1).toBe(adjustedRandIndex(truth, predicted) === 1);
      }),
      { seed: 1 },
    );
  });

  it.each([
    // The first object is half of a group, the second is a group.
    ['a group that also covers background', [1, 1, 0, 0, 2, 2], [5, 5, 5, 5, 6, 6], 0.75],
    ['an ignored element of the group', [1, 1, 255, 255, 2, 2], [5, 5, 5, 5, 6, 6], 1],
    ['no object', [0, 0, 255], [1, 2, 3], 1],
    ['no element', [], [], 1],
  ])('counts %s', (_name, truth, predicted, expected) => {
    expect(meanBestOverlap(truth, predicted, { background })).toBe(expected);
  });

  it('counts objects the same, whatever their size', () => {
    // IoU 1 of the small one, 4 / 8 of the large one.
    expect(meanBestOverlap([1, 2, 2, 2, 2, 2, 2, 2, 2], [9, 3, 3, 3, 3, 4, 4, 4, 4])).toBe(0.75);
  });
});

it.each([
  ['1 if it is one group', [5, 5, 6, 6], 1],
  ['0 if it is divided', [5, 6, 6, 6], 0],
])('the foreground ARI of a single object is %s', (_name, predicted, expected) => {
  expect(adjustedRandIndex([1, 1, 0, 0], predicted, { background })).toBe(expected);
});

it.each([
  ['meanBestOverlap', () => meanBestOverlap([0, 1], [0])],
  ['meanSegmentationCovering', () => meanSegmentationCovering([0, 1], [0])],
  ['objectDiscoveryScores', () => objectDiscoveryScores([0, 1], [0], { size: 1, background })],
  ['objectDiscoveryScores, size', () => objectDiscoveryScores([0, 1, 2], [0, 1, 2], { size: 2, background })],
])('%s refuses lengths that do not fit', (_name, call) => {
  expect(call).toThrow(expect.objectContaining({ name: 'MetricsError', code: 'INVALID_SHAPE' }));
});

it('objectDiscoveryScores refuses a size of 0', () => {
  expect(() => objectDiscoveryScores([0], [0], { size: 0, background })).toThrow(
    expect.objectContaining({ code: 'INVALID_OPTION' }),
  );
});
