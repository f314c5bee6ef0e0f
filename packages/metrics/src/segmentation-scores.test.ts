import { adjustedMutualInformation } from './adjusted-mutual-information';
import { segmentationScores } from './segmentation-scores';

describe('segmentationScores', () => {
  const truth = Uint8Array.of(0, 0, 1, 1, 255, 0, 1, 2, 2, 0, 3, 3, 3, 255, 3);
  const predicted = Uint8Array.of(3, 3, 2, 2, 0, 0, 0, 1, 2, 1, 1, 1, 0, 0, 1);

  it.each(['max', 'arithmetic'] as const)('is the AMI (%s) of each example', (average) => {
    const scores = segmentationScores(truth, predicted, { size: 3, average });
    const expected = [0, 5, 10].map((start) =>
      adjustedMutualInformation(truth.slice(start, start + 5), predicted.slice(start, start + 5), { average }),
    );
    expect([...scores]).toEqual(expected);
    expect(scores[0]).toBe(1);
    expect(scores[2]).toBe(0);
  });

  it('ignores the given label', () => {
    expect([...segmentationScores([0, 9, 1], [0, 1, 1], { size: 1, ignore: 9 })]).toEqual([1]);
    expect(segmentationScores([0, 9, 1], [0, 1, 1], { size: 1, ignore: null })[0]).toBeLessThan(1);
  });

  it('refuses lengths that do not fit', () => {
    const shape = expect.objectContaining({ code: 'INVALID_SHAPE' });
    expect(() => segmentationScores([0, 1], [0], { size: 1 })).toThrow(shape);
    expect(() => segmentationScores([0, 1, 2], [0, 1, 2], { size: 2 })).toThrow(shape);
    expect(() => segmentationScores([0], [0], { size: 0 })).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION' }),
    );
  });
});
