import fc from 'fast-check';

import { cosineOfTurns } from './cosine-of-turns';

it('is the cosine of 2 pi times the turns', () => {
  fc.assert(
    fc.property(fc.double({ min: -3, max: 3, noNaN: true }), (turns) => {
      expect(Math.abs(cosineOfTurns(turns) - Math.cos(2 * Math.PI * turns))).toBeLessThan(5e-15);
    }),
    { numRuns: 2000 },
  );
});

it.each([
  [0, 1],
  [0.5, -1],
  [1, 1],
  [-1.5, -1],
  [1 / 6, 0.5],
  [0.25, 0],
])('at %p is %p', (turns, cosine) => {
  expect(cosineOfTurns(turns)).toBeCloseTo(cosine, 15);
});
