import fc from 'fast-check';
import { createRandom, randomFromJSON } from './create-random';
import type { RandomState } from './random';

const bits = (values: Float32Array): Uint32Array => new Uint32Array(values.buffer, values.byteOffset, values.length);
const hex = (values: Float32Array): string =>
  [...bits(values)].map((word) => word.toString(16).padStart(8, '0')).join(' ');

/** FNV-1a over 32-bit words. */
function hash(words: Uint32Array): string {
  let state = 0x811c9dc5;
  for (const word of words) state = Math.imul(state ^ word, 16777619);
  return (state >>> 0).toString(16).padStart(8, '0');
}

// Computed by an implementation in Python that shares no code with this one. Other engines and backends must give the
// same bits; a change here changes every seeded result there is.
describe('golden bits', () => {
  const random = createRandom(42);

  test('keys', () => {
    expect(random.toJSON().key).toEqual([725625683, 528736313, 2926772242, 2853532829]);
    expect(createRandom('a longer seed, of more than one block: é😀').toJSON().key).toEqual([
      351686191, 4085426420, 1201045648, 4074887672,
    ]);
    expect(random.fork('noise', 3).toJSON().key).toEqual([3418225854, 745652555, 2367418763, 3025816990]);
  });

  test('uniform', () => {
    expect(hex(random.uniform(6))).toBe('3ec5e700 3e616704 3ed56846 3c493bc0 3eccd7ee 3f4d73a8');
    expect(hash(bits(random.uniform(20_000)))).toBe('43c46ddf');
  });

  test('normal', () => {
    expect(hex(random.normal(6))).toBe('3fe84cb4 bf65c08a 4002d69c 3e809b38 3e136b3a 3f6e8c0a');
    expect(hash(bits(random.normal(20_000)))).toBe('3f9285af');
  });

  test('normal, far out', () => {
    expect(hex(random.normal(4, { from: 2 ** 50 + 3 }))).toBe('bf231cf2 bf6101c4 becb420c 3f81d4ef');
  });

  test('normal with mean and standard deviation, of a fork', () => {
    const options = { from: 5, mean: -2, standardDeviation: 0.25 };
    expect(hex(random.fork('noise', 3).normal(4, options))).toBe('c0088f85 c003846c c0028815 bff6a453');
  });

  test('bernoulli', () => {
    expect([...random.bernoulli(24, { probability: 0.2 })].join('')).toBe('001010001010000000010010');
  });

  test('integers', () => {
    expect([...random.integers(12, { bound: 1000 })]).toEqual([
      941, 427, 411, 536, 19, 664, 419, 932, 809, 933, 164, 563,
    ]);
    // A quarter of the words is refused for this bound.
    expect(hash(random.integers(20_000, { bound: 3 * 2 ** 30 }))).toBe((1285843801).toString(16));
  });

  test('permutation', () => {
    expect([...random.permutation(16)]).toEqual([7, 15, 5, 8, 6, 1, 13, 12, 11, 14, 3, 10, 4, 2, 0, 9]);
  });
});

describe('positions', () => {
  const random = createRandom('positions');
  const kinds = {
    uniform: (count: number, from: number) => random.uniform(count, { from }),
    normal: (count: number, from: number) => random.normal(count, { from }),
    bernoulli: (count: number, from: number) => random.bernoulli(count, { probability: 0.3, from }),
    integers: (count: number, from: number) => random.integers(count, { bound: 3 * 2 ** 30, from }),
  };

  test.each(Object.entries(kinds))('%s from a position is the long run from there', (_name, draw) => {
    const long = draw(10_000, 0);
    fc.assert(
      fc.property(fc.nat(10_000), fc.nat(10_000), (a, b) => {
        const [from, end] = a < b ? [a, b] : [b, a];
        expect(draw(end - from, from)).toEqual(long.slice(from, end));
      }),
      { numRuns: 50, seed: 1 },
    );
  });

  test.each(Object.entries(kinds))('%s carries over 2^32 blocks', (_name, draw) => {
    const start = 2 ** 34 - 6;
    const whole = draw(12, start);
    expect(draw(6, 2 ** 34)).toEqual(whole.slice(6));
    expect(draw(6, start)).toEqual(whole.slice(0, 6));
    expect(draw(6, 2 ** 34)).not.toEqual(draw(6, 0));
  });

  it('gives the same numbers for the same call', () => {
    expect(random.normal(100)).toEqual(random.normal(100));
  });

  it('gives no number for a count of 0', () => {
    for (const draw of Object.values(kinds)) expect(draw(0, 5)).toHaveLength(0);
    expect(random.permutation(0)).toHaveLength(0);
  });
});

describe('keys', () => {
  it('differ for different seeds, numbers and strings apart', () => {
    const seeds = [
      0,
      1,
      -1,
      0.5,
      2 ** 32,
      2 ** 53,
      1e300,
      '',
      '0',
      '1',
      '\0',
      '\0\0',
      'a',
      'b',
      'ab',
      'ba',
      'abcdefghijk',
    ];
    const keys = new Set(seeds.map((seed) => JSON.stringify(createRandom(seed).toJSON())));
    expect(keys.size).toBe(seeds.length);
  });

  it('is the same for 0 and -0', () => {
    expect(createRandom(-0).toJSON()).toEqual(createRandom(0).toJSON());
  });

  it('forks by path: labels at once or one by one', () => {
    const random = createRandom(1);
    expect(random.fork('a', 2, 'c').toJSON()).toEqual(random.fork('a').fork(2).fork('c').toJSON());
  });

  it('forks differ by label, type, order and grouping', () => {
    const random = createRandom(1);
    const label = fc.oneof(fc.string({ maxLength: 12 }), fc.integer());
    const path = fc.array(label, { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(path, path, (a, b) => {
        fc.pre(JSON.stringify(a) !== JSON.stringify(b));
        expect(random.fork(...a).toJSON()).not.toEqual(random.fork(...b).toJSON());
      }),
      { seed: 1 },
    );
    expect(random.fork('a', 'b').toJSON()).not.toEqual(random.fork('ab').toJSON());
    expect(random.fork('a').toJSON()).not.toEqual(random.toJSON());
  });

  it('survives JSON', () => {
    const random = createRandom('json').fork(7);
    const copy = randomFromJSON(JSON.parse(JSON.stringify(random)) as RandomState);
    expect(copy.toJSON()).toEqual(random.toJSON());
    expect(copy.normal(10)).toEqual(random.normal(10));
  });
});

describe('ranges', () => {
  const random = createRandom('ranges');

  it('uniform: multiples of 2^-24 in [0, 1)', () => {
    for (const value of random.uniform(10_000)) {
      if (!(value >= 0 && value < 1 && Number.isInteger(value * 2 ** 24))) throw new Error(`got ${value}`);
    }
  });

  it('bernoulli: never at 0, always at 1', () => {
    expect(random.bernoulli(1000, { probability: 0 }).every((value) => value === 0)).toBe(true);
    expect(random.bernoulli(1000, { probability: 1 }).every((value) => value === 1)).toBe(true);
  });

  it('integers: in [0, bound) for any bound', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 32 }), (bound) => {
        expect(random.integers(50, { bound }).every((value) => value < bound)).toBe(true);
      }),
      { seed: 1 },
    );
    expect(random.integers(5, { bound: 1 })).toEqual(new Uint32Array(5));
    expect(random.integers(100, { bound: 2 ** 32 }).some((value) => value >= 2 ** 31)).toBe(true);
  });

  it('integers: the upper half of the 64-bit product where no word is refused', () => {
    // With a bound of 2^32 the integer is the word itself; with 2^k its first k bits.
    const words = random.integers(1000, { bound: 2 ** 32 });
    for (const k of [1, 7, 16, 31]) {
      expect(random.integers(1000, { bound: 2 ** k })).toEqual(words.map((word) => word >>> (32 - k)));
    }
  });

  it('permutation: each of 0 .. count - 1 once', () => {
    for (const count of [1, 2, 3, 100, 10_000]) {
      const sorted = random.fork(count).permutation(count).sort();
      expect(sorted.every((value, i) => value === i)).toBe(true);
    }
  });
});

describe('errors', () => {
  const random = createRandom('errors');
  const option = expect.objectContaining({ name: 'RandomError', code: 'INVALID_OPTION' });
  const state = expect.objectContaining({ name: 'RandomError', code: 'INVALID_STATE' });

  test.each<[string, () => unknown]>([
    ['seed NaN', () => createRandom(NaN)],
    ['seed undefined', () => createRandom(undefined as unknown as number)],
    ['label Infinity', () => random.fork(Infinity)],
    ['label object', () => random.fork({} as unknown as string)],
    ['no label', () => random.fork()],
    ['count -1', () => random.uniform(-1)],
    ['count 1.5', () => random.normal(1.5)],
    ['from -1', () => random.uniform(1, { from: -1 })],
    ['from beyond 2^53', () => random.uniform(2, { from: Number.MAX_SAFE_INTEGER })],
    ['mean NaN', () => random.normal(1, { mean: NaN })],
    ['standardDeviation negative', () => random.normal(1, { standardDeviation: -1 })],
    ['standardDeviation infinite', () => random.normal(1, { standardDeviation: Infinity })],
    ['probability above 1', () => random.bernoulli(1, { probability: 1.1 })],
    ['probability NaN', () => random.bernoulli(1, { probability: NaN })],
    ['bound 0', () => random.integers(1, { bound: 0 })],
    ['bound beyond 2^32', () => random.integers(1, { bound: 2 ** 32 + 1 })],
    ['permutation of a fraction', () => random.permutation(2.5)],
  ])('%s is an invalid option', (_name, call) => {
    expect(call).toThrow(option);
  });

  test.each<[string, unknown]>([
    ['null', null],
    ['no algorithm', { key: [1, 2, 3, 4] }],
    ['another algorithm', { algorithm: 'philox', key: [1, 2, 3, 4] }],
    ['a short key', { algorithm: 'threefry4x32-20', key: [1, 2, 3] }],
    ['a key of strings', { algorithm: 'threefry4x32-20', key: ['1', '2', '3', '4'] }],
    ['a key out of range', { algorithm: 'threefry4x32-20', key: [1, 2, 3, 2 ** 32] }],
  ])('%s is an invalid state', (_name, value) => {
    expect(() => randomFromJSON(value as RandomState)).toThrow(state);
  });
});
