import fc from 'fast-check';

import { classificationError } from './classification-error';
import { confusionMatrix } from './confusion-matrix';

describe('confusionMatrix', () => {
  it('counts the most probable class of one object in the row of its true class', () => {
    const posterior = [
      ...[0.7, 0.2, 0.1], // 0 taken for 0
      ...[0.1, 0.3, 0.6], // 0 taken for 2
      ...[0.2, 0.5, 0.3], // 1 taken for 1
      ...[0.8, 0.1, 0.1], // 1 taken for 0
    ];
    expect(confusionMatrix(posterior, [0, 0, 1, 1], { size: 4 })).toEqual([
      [1, 0, 1],
      [1, 1, 0],
      [0, 0, 0],
    ]);
  });

  it('compares two objects with the two most probable classes, and shares what was missed', () => {
    const posterior = [
      ...[0.4, 0.1, 0.3, 0.2], // {0, 1} found as {0, 2}
      ...[0.4, 0.4, 0.1, 0.1], // {2, 3} found as {0, 1}
      ...[0.1, 0.1, 0.1, 0.7], // {3} found
    ];
    expect(confusionMatrix(posterior, [0, 1, 3, 2, 3, 3], { size: 3 })).toEqual([
      [1, 0, 0, 0],
      [0, 0, 1, 0],
      [0.5, 0.5, 0, 0],
      [0.5, 0.5, 0, 1],
    ]);
  });

  it('misses on its diagonal what classificationError counts, where each example has one object', () => {
    const examples = fc.array(
      fc.tuple(fc.array(fc.double({ noNaN: true }), { minLength: 5, maxLength: 5 }), fc.nat(4)),
      {
        minLength: 1,
        maxLength: 20,
      },
    );
    fc.assert(
      fc.property(examples, (all) => {
        const size = all.length;
        const posterior = all.flatMap(([row]) => row);
        const labels = all.map(([, label]) => label);
        const matrix = confusionMatrix(posterior, labels, { size });
        const hits = matrix.reduce((sum, row, i) => sum + row[i]!, 0);
        expect(1 - hits / size).toBeCloseTo(classificationError(posterior, labels, { size }), 12);
        matrix.forEach((row, label) => {
          expect(row.reduce((a, b) => a + b, 0)).toBeCloseTo(labels.filter((one) => one === label).length, 9);
        });
      }),
    );
  });

  it.each([
    ['a posterior of another length', [0.5, 0.5, 0.1], [0, 1], 'INVALID_SHAPE'],
    ['no label', [0.5, 0.5], [], 'INVALID_SHAPE'],
    ['a class that is not there', [0.5, 0.5, 0.5, 0.5], [0, 2], 'INVALID_LABEL'],
    ['NaN', [0.5, NaN, 0.5, 0.5], [0, 1], 'NON_FINITE'],
  ])('refuses %s', (_, posterior, labels, code) => {
    expect(() => confusionMatrix(posterior, labels, { size: 2 })).toThrow(expect.objectContaining({ code }));
  });
});
