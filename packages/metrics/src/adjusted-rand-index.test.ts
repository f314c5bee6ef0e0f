import { readGolden } from '@taggerjs-tools/testing';
import fc from 'fast-check';
import { adjustedRandIndex } from './adjusted-rand-index';

interface Clustering {
  readonly name: string;
  readonly truth: readonly number[];
  readonly predicted: readonly number[];
  readonly ari: number;
}

describe('adjustedRandIndex', () => {
  test.each(readGolden<Clustering[]>('clustering').map((golden) => [golden.name, golden] as const))(
    'is that of scikit-learn: %s',
    (_name, { truth, predicted, ari }) => {
      expect(Math.abs(adjustedRandIndex(truth, predicted) - ari)).toBeLessThan(1e-12);
    },
  );

  it('is the adjusted fraction of agreeing pairs, counted one by one', () => {
    const labels = fc.array(fc.tuple(fc.nat(3), fc.nat(3)), { minLength: 2, maxLength: 25 });
    fc.assert(
      fc.property(labels, (pairs) => {
        let [both, truthOnly, predictedOnly, total] = [0, 0, 0, 0];
        for (let i = 0; i < pairs.length; i++) {
          for (let j = 0; j < i; j++) {
            const inTruth = pairs[i]![0] === pairs[j]![0];
            const inPredicted = pairs[i]![1] === pairs[j]![1];
            total++;
            if (inTruth && inPredicted) both++;
            else if (inTruth) truthOnly++;
            else if (inPredicted) predictedOnly++;
          }
        }
        // Hubert and Arabie: (index - expected) / (maximum - expected)
        const expected = ((both + truthOnly) * (both + predictedOnly)) / total;
        const maximum = both + (truthOnly + predictedOnly) / 2;
        const ari = maximum === expected ? 1 : (both - expected) / (maximum - expected);
        const [truth, predicted] = [pairs.map(([label]) => label), pairs.map(([, label]) => label)];
        expect(adjustedRandIndex(truth, predicted)).toBeCloseTo(ari, 10);
        expect(adjustedRandIndex(predicted, truth)).toBeCloseTo(ari, 10);
      }),
      { seed: 1 },
    );
  });

  it('leaves out elements whose true label is 255, by default', () => {
    expect(adjustedRandIndex([0, 0, 255, 1], [1, 1, 0, 0])).toBe(1);
    expect(adjustedRandIndex([0, 0, 255, 1], [1, 1, 0, 0], { ignore: null })).toBeLessThan(1);
  });

  it('is 1 for no element', () => {
    expect(adjustedRandIndex([], [])).toBe(1);
  });

  it('refuses different lengths', () => {
    expect(() => adjustedRandIndex([0, 1], [0])).toThrow(expect.objectContaining({ code: 'INVALID_SHAPE' }));
  });
});
