import { createRandom } from './create-random';

/*
 * Each test draws from one fixed seed, so it always gives the same statistic; the thresholds are those a perfect source
 * would exceed about once in a million seeds.
 */

const COUNT = 200_000;

/** Phi(x) to about 1e-15: the Taylor series of the error function, or the continued fraction of its complement. */
function normalCDF(x: number): number {
  const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  if (Math.abs(x) < 3) {
    let term = x;
    let sum = x;
    for (let n = 3; Math.abs(term) > 1e-17; n += 2) sum += term *= (x * x) / n;
    return 0.5 + density * sum;
  }
  let fraction = 0;
  for (let n = 60; n >= 1; n--) fraction = n / (Math.abs(x) + fraction);
  const tail = density / (Math.abs(x) + fraction);
  return x > 0 ? 1 - tail : tail;
}

/** The Kolmogorov-Smirnov statistic sqrt(n) sup |F_n - F|: above 2.7 once in a million. */
function kolmogorovSmirnov(sample: Float32Array, distribution: (x: number) => number): number {
  const sorted = sample.slice().sort();
  let largest = 0;
  sorted.forEach((x, i) => {
    const f = distribution(x);
    largest = Math.max(largest, f - i / sorted.length, (i + 1) / sorted.length - f);
  });
  return largest * Math.sqrt(sorted.length);
}

/** The chi-square statistic of counts expected equal, as standard normal deviates (Wilson and Hilferty). */
function chiSquareDeviate(counts: ArrayLike<number>): number {
  const degrees = counts.length - 1;
  let total = 0;
  for (let i = 0; i < counts.length; i++) total += counts[i] as number;
  const expected = total / counts.length;
  let statistic = 0;
  for (let i = 0; i < counts.length; i++) statistic += ((counts[i] as number) - expected) ** 2 / expected;
  const variance = 2 / (9 * degrees);
  return (Math.cbrt(statistic / degrees) - (1 - variance)) / Math.sqrt(variance);
}

function correlation(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum / a.length;
}

const random = createRandom('statistics');

describe('uniform', () => {
  const sample = random.uniform(COUNT);

  it('fits its distribution (Kolmogorov-Smirnov)', () => {
    expect(kolmogorovSmirnov(sample, (x) => x)).toBeLessThan(2.7);
  });

  it('fills its bins and pairs of bins evenly (chi-square)', () => {
    const bins = new Float64Array(256);
    const pairs = new Float64Array(1024);
    sample.forEach((x, i) => {
      bins[Math.floor(x * 256)]! += 1;
      if (i % 2 === 1) pairs[Math.floor(x * 32) * 32 + Math.floor((sample[i - 1] as number) * 32)]! += 1;
    });
    expect(Math.abs(chiSquareDeviate(bins))).toBeLessThan(5);
    expect(Math.abs(chiSquareDeviate(pairs))).toBeLessThan(5);
  });

  it('has each of its 24 bits set half the time', () => {
    const set = new Float64Array(24);
    for (const x of sample) {
      const bits = x * 2 ** 24;
      for (let bit = 0; bit < 24; bit++) set[bit]! += (bits >> bit) & 1;
    }
    for (const count of set) expect(Math.abs(count - COUNT / 2) / Math.sqrt(COUNT / 4)).toBeLessThan(5);
  });
});

describe('normal', () => {
  const sample = random.normal(COUNT);

  it('has the moments of the normal distribution', () => {
    const moment = (power: number): number => sample.reduce((sum, x) => sum + x ** power, 0) / COUNT;
    // Standard deviations of the sample moments: sqrt((E x^2k - (E x^k)^2) / n).
    expect(Math.abs(moment(1))).toBeLessThan(5 * Math.sqrt(1 / COUNT));
    expect(Math.abs(moment(2) - 1)).toBeLessThan(5 * Math.sqrt(2 / COUNT));
    expect(Math.abs(moment(3))).toBeLessThan(5 * Math.sqrt(15 / COUNT));
    expect(Math.abs(moment(4) - 3)).toBeLessThan(5 * Math.sqrt(96 / COUNT));
    expect(Math.abs(moment(6) - 15)).toBeLessThan(5 * Math.sqrt(10170 / COUNT));
  });

  it('fits its distribution (Kolmogorov-Smirnov)', () => {
    expect(kolmogorovSmirnov(sample, normalCDF)).toBeLessThan(2.7);
  });

  it('fills bins of equal probability evenly, the tails too (chi-square)', () => {
    const bins = new Float64Array(500);
    for (const x of sample) bins[Math.floor(normalCDF(x) * 500)]! += 1;
    expect(Math.abs(chiSquareDeviate(bins))).toBeLessThan(5);
  });

  it('is uncorrelated at lags 1 to 8, and in its squares', () => {
    const squares = sample.map((x) => (x * x - 1) / Math.SQRT2);
    for (let lag = 1; lag <= 8; lag++) {
      const end = COUNT - lag;
      expect(Math.abs(correlation(sample.subarray(0, end), sample.subarray(lag))) * Math.sqrt(end)).toBeLessThan(5);
      expect(Math.abs(correlation(squares.subarray(0, end), squares.subarray(lag))) * Math.sqrt(end)).toBeLessThan(5);
    }
  });
});

describe('bernoulli', () => {
  it.each([0.001, 0.2, 0.5, 0.97])('comes up with probability %d', (probability) => {
    const ones = random.bernoulli(COUNT, { probability }).reduce((sum, x) => sum + x, 0);
    expect(Math.abs(ones - COUNT * probability)).toBeLessThan(5 * Math.sqrt(COUNT * probability * (1 - probability)));
  });
});

describe('integers', () => {
  it.each([2, 3, 10, 1000])('are uniform below %d (chi-square)', (bound) => {
    const counts = new Float64Array(bound);
    for (const value of random.integers(COUNT, { bound })) counts[value]! += 1;
    expect(Math.abs(chiSquareDeviate(counts))).toBeLessThan(5);
  });

  it('are uniform below 3 * 2^30, where a word modulo the bound would favor the first third two to one', () => {
    const counts = new Float64Array(3);
    const residues = new Float64Array(3);
    for (const value of random.integers(COUNT, { bound: 3 * 2 ** 30 })) {
      counts[Math.floor(value / 2 ** 30)]! += 1;
      // The plain multiplication favors every third integer.
      residues[value % 3]! += 1;
    }
    expect(Math.abs(chiSquareDeviate(counts))).toBeLessThan(5);
    expect(Math.abs(chiSquareDeviate(residues))).toBeLessThan(5);
  });
});

describe('permutation', () => {
  it('gives each of the 24 orders of four equally often (chi-square)', () => {
    const counts = new Map<string, number>();
    for (let i = 0; i < 24_000; i++) {
      const order = random.fork('order', i).permutation(4).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    expect(Math.abs(chiSquareDeviate([...counts.values()]))).toBeLessThan(5);
  });

  it.each([0, 7, 19])('puts each element of twenty at place %d equally often (chi-square)', (place) => {
    const counts = new Float64Array(20);
    for (let i = 0; i < 4000; i++) counts[random.fork('place', i).permutation(20)[place] as number]! += 1;
    expect(Math.abs(chiSquareDeviate(counts))).toBeLessThan(5);
  });
});

describe('forks', () => {
  it('are uncorrelated with each other and their parent', () => {
    const streams = [
      random,
      random.fork(0),
      random.fork(1),
      random.fork('0'),
      random.fork(0, 1),
      random.fork(1, 0),
    ].map((stream) => stream.normal(50_000));
    streams.forEach((a, i) => {
      for (const b of streams.slice(i + 1)) expect(Math.abs(correlation(a, b)) * Math.sqrt(50_000)).toBeLessThan(5);
    });
  });

  it('by counting labels have uniform first numbers (Kolmogorov-Smirnov), uncorrelated from one label to the next', () => {
    const first = Float32Array.from({ length: 20_000 }, (_, label) => random.fork(label).uniform(1)[0] as number);
    expect(kolmogorovSmirnov(first, (x) => x)).toBeLessThan(2.7);
    const centered = first.map((x) => (x - 0.5) * Math.sqrt(12));
    const end = centered.length - 1;
    expect(Math.abs(correlation(centered.subarray(0, end), centered.subarray(1))) * Math.sqrt(end)).toBeLessThan(5);
  });

  it('of different purposes at the same position are uncorrelated', () => {
    const uniform = random.uniform(COUNT).map((x) => (x - 0.5) * Math.sqrt(12));
    expect(Math.abs(correlation(uniform, random.normal(COUNT))) * Math.sqrt(COUNT)).toBeLessThan(5);
  });
});
