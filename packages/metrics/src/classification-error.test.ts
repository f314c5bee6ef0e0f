import { classificationError } from './classification-error';

describe('classificationError', () => {
  const posterior = [0.1, 0.5, 0.3, 0.1]; // order of classes: 1, 2, 0, 3

  test.each([
    ['one object, right', [1], 0],
    ['one object, wrong', [2], 1],
    ['two objects, both found', [2, 1], 0],
    ['two objects, one found', [1, 3], 0.5],
    ['two objects, none found', [0, 3], 1],
    ['two of the top class', [1, 1], 0],
    ['two of the second class', [2, 2], 1],
    ['equal probabilities: the lower class goes first', [1, 2, 0], 0],
    ['equal probabilities: the higher class goes last', [1, 2, 3], 1 / 3],
  ])('%s', (_name, labels, expected) => {
    expect(classificationError(posterior, labels, { size: 1 })).toBeCloseTo(expected, 15);
  });

  it('is the mean over examples', () => {
    const two = [...posterior, 0.9, 0.1, 0, 0];
    expect(classificationError(Float32Array.from(two), Uint8Array.of(1, 3, 0, 0), { size: 2 })).toBe(0.25);
  });

  it('refuses labels out of range, NaN and lengths that do not fit', () => {
    for (const label of [4, -1, 1.5, NaN]) {
      expect(() => classificationError(posterior, [label], { size: 1 })).toThrow(
        expect.objectContaining({ name: 'MetricsError', code: 'INVALID_LABEL' }),
      );
    }
    expect(() => classificationError([NaN, 1], [1], { size: 1 })).toThrow(
      expect.objectContaining({ code: 'NON_FINITE' }),
    );
    for (const [probabilities, labels] of [
      [
        [1, 0, 0],
        [0, 0],
      ],
      [[1, 0], [0]],
      [[], [0, 0]],
      [[1, 0], []],
    ] as const) {
      expect(() => classificationError(probabilities, labels, { size: 2 })).toThrow(
        expect.objectContaining({ code: 'INVALID_SHAPE' }),
      );
    }
  });
});
