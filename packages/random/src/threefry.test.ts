import { threefry, type Key } from './threefry';

const hex = (words: Int32Array): string =>
  [...words].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join(' ');

describe('threefry', () => {
  // Known answers of the Random123 library (tests/kat_vectors, "threefry4x32 20").
  test.each<[string, Key, Key, string]>([
    ['zeros', [0, 0, 0, 0], [0, 0, 0, 0], '9c6ca96a e17eae66 fc10ecd4 5256a7d8'],
    [
      'ones',
      [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      '2a881696 57012287 f6c7446e a16a6732',
    ],
    [
      'digits of pi',
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0, 0x082efa98, 0xec4e6c89],
      '59cd1dbb b8879579 86b5d00c ac8b6d84',
    ],
  ])('gives the known answer for %s', (_name, counter, key, expected) => {
    const out = new Int32Array(4);
    threefry(key, ...counter, out);
    expect(hex(out)).toBe(expected);
  });

  it('counts blocks up', () => {
    const key: Key = [1, 2, 3, 4];
    const long = new Int32Array(12);
    threefry(key, 7, 5, 6, 8, long);
    for (let block = 0; block < 3; block++) {
      const single = new Int32Array(4);
      threefry(key, 7 + block, 5, 6, 8, single);
      expect(long.subarray(4 * block, 4 * block + 4)).toEqual(single);
    }
  });
});
