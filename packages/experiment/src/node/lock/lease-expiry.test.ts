import { hasExpired } from './lease-expiry';

/** A clock that advances only by sleeping, plus the `gaps` that follow some of its sleeps: `{ 3: 1000 }` is one after the third. */
function fakeClock(gaps: Readonly<Record<number, number>> = {}) {
  let [time, sleeps] = [0, 0];
  return {
    now: () => time,
    sleep: async (milliseconds: number) => void (time += milliseconds + (gaps[++sleeps] ?? 0)),
  };
}

describe('hasExpired', () => {
  it('waits for the whole lease', async () => {
    const clock = fakeClock();
    expect(await hasExpired(async () => ['a'], 'a', 60_000, clock)).toBe(true);
    expect(clock.now()).toBeGreaterThanOrEqual(60_000);
    expect(clock.now()).toBeLessThanOrEqual(62_000);
  });

  it.each([
    ['renewed', ['b']],
    ['released', []],
  ])('ends as soon as the lease is %s', async (_, names) => {
    const clock = fakeClock();
    expect(await hasExpired(async () => (clock.now() < 30_000 ? ['a'] : names), 'a', 60_000, clock)).toBe(false);
    expect(clock.now()).toBeLessThanOrEqual(31_000);
  });

  it('gives the holder time after a gap in which everything stood still', async () => {
    const clock = fakeClock({ 3: 3_600_000 });
    // The holder renews within a sixth of the lease after the gap.
    const names = async () => (clock.now() < 3_610_000 ? ['a'] : ['b']);
    expect(await hasExpired(names, 'a', 60_000, clock)).toBe(false);
  });

  it('passes on errors of the file system', async () => {
    const look = () => Promise.reject(new RangeError('planted'));
    await expect(hasExpired(look, 'a', 60_000, fakeClock())).rejects.toThrow(RangeError);
  });
});
