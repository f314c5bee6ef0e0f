import fc from 'fast-check';
import { argmaxGroups } from './argmax-groups';

describe('argmaxGroups', () => {
  it('takes the largest over the first axis, the first of equals', () => {
    // [K, B, N] = [3, 2, 2]
    const assignments = Float32Array.of(0.2, 0.5, 0.3, 0.1, 0.7, 0.5, 0.3, 0.2, 0.1, 0, 0.4, 0.7);
    expect([...argmaxGroups(assignments, { groups: 3 })]).toEqual([1, 0, 2, 2]);
  });

  it('points at the maximum of each element', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.nat(20), (groups, elements) => {
        const values = fc.sample(fc.double({ noNaN: true }), { numRuns: groups * elements, seed: groups + elements });
        const winners = argmaxGroups(values, { groups });
        winners.forEach((winner, i) => {
          const own = Array.from({ length: groups }, (_, k) => values[k * elements + i] as number);
          expect(own[winner]).toBe(Math.max(...own));
        });
      }),
      { seed: 1 },
    );
  });

  it('takes infinite logits', () => {
    expect([...argmaxGroups([-Infinity, -Infinity, -Infinity, Infinity], { groups: 2 })]).toEqual([0, 1]);
  });

  it('refuses NaN, odd lengths and impossible numbers of groups', () => {
    expect(() => argmaxGroups([0, NaN], { groups: 2 })).toThrow(
      expect.objectContaining({ name: 'MetricsError', code: 'NON_FINITE' }),
    );
    expect(() => argmaxGroups([0, 1, 2], { groups: 2 })).toThrow(expect.objectContaining({ code: 'INVALID_SHAPE' }));
    for (const groups of [0, 1.5, 257, NaN]) {
      expect(() => argmaxGroups([], { groups })).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
    }
  });
});
