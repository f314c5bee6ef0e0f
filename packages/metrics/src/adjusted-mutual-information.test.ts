import { readGolden } from '@taggerjs-tools/testing';
import fc from 'fast-check';
import { adjustedMutualInformation } from './adjusted-mutual-information';
import { countPairs } from './contingency';
import { expectedMutualInformation, mutualInformation } from './mutual-information';

interface Clustering {
  readonly name: string;
  readonly truth: readonly number[];
  readonly predicted: readonly number[];
  readonly amiMax: number;
  readonly amiArithmetic: number;
}

const labelings = fc
  .integer({ min: 1, max: 40 })
  .chain((n) =>
    fc.tuple(fc.array(fc.nat(4), { minLength: n, maxLength: n }), fc.array(fc.nat(4), { minLength: n, maxLength: n })),
  );
const averages = fc.constantFrom('max' as const, 'arithmetic' as const);

describe('adjustedMutualInformation', () => {
  test.each(readGolden<Clustering[]>('clustering').map((golden) => [golden.name, golden] as const))(
    'is that of scikit-learn: %s',
    (_name, { truth, predicted, amiMax, amiArithmetic }) => {
      expect(Math.abs(adjustedMutualInformation(truth, predicted) - amiMax)).toBeLessThan(1e-12);
      expect(
        Math.abs(adjustedMutualInformation(truth, predicted, { average: 'arithmetic' }) - amiArithmetic),
      ).toBeLessThan(1e-12);
    },
  );

  // scikit-learn 1.9: many elements (probabilities far below 1e-308 occur) and many segments.
  test.each([
    [20000, 2, 2, 3, 0.36246677521758924, 0.365165584812338],
    [20000, 3, 7, 2, 0.22779582541481788, 0.2816545777578322],
    [5000, 900, 40, 2, 0.292734245437712, 0.38111394194738396],
    [3000, 3000, 50, 1, 0.0857228871445954, 0.13318406895092275],
    [1000, 999, 1000, 5, 0.6594373564806164, 0.7067110040313076],
  ])('is that of scikit-learn: %d elements, up to %d and %d segments (%d)', (n, a, b, c, max, arithmetic) => {
    const truth = Array.from({ length: n }, (_, i) => Math.floor((i * i) / 7) % a);
    const predicted = truth.map((label, i) => (label + (i % c === 0 ? Math.floor(i / 3) : 0)) % b);
    const ami = (average: 'max' | 'arithmetic'): number =>
      adjustedMutualInformation(truth, predicted, { average, ignore: null });
    // scikit-learn's own error, from differences of log-factorials of n.
    expect(Math.abs(ami('max') - max)).toBeLessThan(1e-10);
    expect(Math.abs(ami('arithmetic') - arithmetic)).toBeLessThan(1e-10);
  });

  it('expects the mean of the mutual information over all permutations', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(3), { minLength: 1, maxLength: 6 }),
        fc.array(fc.nat(3), { minLength: 6, maxLength: 6 }),
        (truth, spare) => {
          const predicted = spare.slice(0, truth.length);
          const all = permutations(predicted);
          const mean =
            all.reduce((sum, permuted) => sum + mutualInformation(countPairs(truth, permuted, null)), 0) / all.length;
          expect(expectedMutualInformation(countPairs(truth, predicted, null))).toBeCloseTo(mean, 12);
        },
      ),
      { numRuns: 50, seed: 1 },
    );
  });

  it('is symmetric', () => {
    fc.assert(
      fc.property(labelings, averages, ([truth, predicted], average) => {
        const there = adjustedMutualInformation(truth, predicted, { average });
        expect(adjustedMutualInformation(predicted, truth, { average })).toBeCloseTo(there, 10);
      }),
      { seed: 1 },
    );
  });

  it('does not depend on the names of the labels, nor on the order of the elements', () => {
    fc.assert(
      fc.property(labelings, averages, fc.nat(), ([truth, predicted], average, shift) => {
        const ami = adjustedMutualInformation(truth, predicted, { average });
        const renamed = predicted.map((label) => [7.5, -3, 100, 2, 255][label] as number);
        expect(adjustedMutualInformation(truth, renamed, { average })).toBeCloseTo(ami, 10);
        const rotate = (labels: number[]): number[] => labels.map((_, i) => labels[(i + shift) % labels.length]!);
        expect(adjustedMutualInformation(rotate(truth), rotate(predicted), { average })).toBeCloseTo(ami, 10);
      }),
      { seed: 1 },
    );
  });

  it('is 1 for the same partition, else less; the maximum gives less than the mean where positive', () => {
    fc.assert(
      fc.property(labelings, ([truth, predicted]) => {
        expect(adjustedMutualInformation(truth, truth)).toBe(1);
        const max = adjustedMutualInformation(truth, predicted);
        const arithmetic = adjustedMutualInformation(truth, predicted, { average: 'arithmetic' });
        expect(arithmetic).toBeLessThanOrEqual(1);
        expect(Math.abs(max)).toBeLessThanOrEqual(Math.abs(arithmetic) + 1e-12);
      }),
      { seed: 1 },
    );
  });

  it('leaves out elements whose true label is 255, by default', () => {
    const truth = [0, 0, 255, 1, 1, 255, 2];
    const predicted = [1, 1, 0, 0, 1, 3, 2];
    const kept = adjustedMutualInformation([0, 0, 1, 1, 2], [1, 1, 0, 1, 2]);
    expect(adjustedMutualInformation(truth, predicted)).toBe(kept);
    expect(adjustedMutualInformation(truth, predicted, { ignore: null })).not.toBe(kept);
    expect(adjustedMutualInformation([0, 0, 9, 1, 1, 9, 2], predicted, { ignore: 9 })).toBe(kept);
    // 255 as a predicted label is a label like any other.
    expect(adjustedMutualInformation([0, 0, 1, 1], [255, 255, 3, 3])).toBe(1);
  });

  test.each([
    ['no element', [], [], 1],
    ['only ignored elements', [255, 255], [0, 1], 1],
    ['one element', [3], [9], 1],
    ['neither labeling splits', [2, 2, 2], [5, 5, 5], 1],
    ['only the prediction splits', [2, 2, 2], [5, 6, 5], 0],
    ['only the truth splits', [0, 1, 1], [5, 5, 5], 0],
    ['singletons on both sides', [0, 1, 2], [5, 3, 4], 1],
  ])('of %s is what scikit-learn says', (_name, truth, predicted, expected) => {
    expect(adjustedMutualInformation(truth, predicted)).toBe(expected);
    expect(adjustedMutualInformation(truth, predicted, { average: 'arithmetic' })).toBe(expected);
  });

  it('refuses different lengths and an unknown average', () => {
    expect(() => adjustedMutualInformation([0, 1], [0])).toThrow(
      expect.objectContaining({ name: 'MetricsError', code: 'INVALID_SHAPE' }),
    );
    expect(() => adjustedMutualInformation([0, 1], [0, 1], { average: 'min' as 'max' })).toThrow(
      expect.objectContaining({ name: 'MetricsError', code: 'INVALID_OPTION' }),
    );
  });
});

function permutations(items: readonly number[]): number[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, i) =>
    permutations([...items.slice(0, i), ...items.slice(i + 1)]).map((rest) => [item, ...rest]),
  );
}
