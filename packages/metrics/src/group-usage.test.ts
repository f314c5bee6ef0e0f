import { groupUsage } from './group-usage';

/** Hard assignments [K, B, N] of the winners [B, N]. */
const hard = (winners: readonly number[], groups: number): number[] =>
  Array.from({ length: groups }, (_, k) => winners.map((winner) => (winner === k ? 1 : 0))).flat();

describe('groupUsage', () => {
  it('counts the groups that win elements, example by example', () => {
    const winners = [0, 1, 2, 2, /* next example */ 3, 3, 3, 3];
    expect(groupUsage(hard(winners, 4), { groups: 4, size: 2 })).toEqual({ groupsUsed: 2, entropy: 0 });
  });

  it('does not count a group that wins less than the threshold', () => {
    const winners = Array.from({ length: 1000 }, (_, i) => (i < 9 ? 0 : i < 19 ? 1 : 2));
    expect(groupUsage(hard(winners, 3), { groups: 3, size: 1 }).groupsUsed).toBe(2);
    expect(groupUsage(hard(winners, 3), { groups: 3, size: 1, threshold: 0.009 }).groupsUsed).toBe(3);
    expect(groupUsage(hard(winners, 3), { groups: 3, size: 1, threshold: 0.5 }).groupsUsed).toBe(1);
  });

  it('measures the entropy in nats: log K where no group is preferred', () => {
    const { entropy } = groupUsage(new Float32Array(4 * 6).fill(0.25), { groups: 4, size: 2 });
    expect(entropy).toBeCloseTo(Math.log(4), 12);
  });

  it('averages the entropy over elements', () => {
    const { entropy } = groupUsage([0.5, 1, 0.5, 0], { groups: 2, size: 1 });
    expect(entropy).toBeCloseTo(Math.log(2) / 2, 12);
  });

  it('refuses NaN, negative assignments, odd lengths and thresholds', () => {
    const options = { groups: 2, size: 1 };
    expect(() => groupUsage([NaN, 1], options)).toThrow(expect.objectContaining({ code: 'NON_FINITE' }));
    expect(() => groupUsage([-0.5, 1.5], options)).toThrow(expect.objectContaining({ code: 'NON_FINITE' }));
    expect(() => groupUsage([1, 0, 1], options)).toThrow(expect.objectContaining({ code: 'INVALID_SHAPE' }));
    expect(() => groupUsage([1, 0], { ...options, threshold: 0 })).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION' }),
    );
  });
});
