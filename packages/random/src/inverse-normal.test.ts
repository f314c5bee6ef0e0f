import { inverseNormal, negativeLog } from './inverse-normal';

function normalOf(words: readonly number[], mean = 0, standardDeviation = 1): Float32Array {
  const out = new Float32Array(words.length);
  inverseNormal(Int32Array.from(words), out, new Int32Array(words.length), mean, standardDeviation);
  return out;
}

/** Words over all scales of distance from the ends and the middle. */
function scan(): number[] {
  const words: number[] = [0, -1, 2 ** 31 - 1, -(2 ** 31)];
  for (let scale = 1; scale < 2 ** 31; scale *= 1.003) {
    const offset = Math.floor(scale);
    words.push(offset, -offset, 2 ** 31 - 1 - offset, offset - 2 ** 31);
  }
  return words;
}

describe('negativeLog', () => {
  it('is -log((word + 1/2) / 2^32) to 2e-11', () => {
    let largest = 0;
    for (let word = 0; word < 2 ** 31; word += 1 + Math.floor(word / 1000)) {
      largest = Math.max(largest, Math.abs(negativeLog(word) + Math.log((word + 0.5) / 2 ** 32)));
    }
    expect(largest).toBeLessThan(2e-11);
  });
});

describe('inverseNormal', () => {
  // sqrt(2) erfinv((2 word + 1) / 2^32), computed by mpmath to 50 digits.
  test.each([
    [-2147483648, -6.3379577545537895],
    [-2147483647, -6.166429517819751],
    [-2147483646, -6.085104545783031],
    [-2147482648, -5.0398511259687115],
    [-2146483648, -3.4997689887583814],
    [-2047483648, -1.9902252413891444],
    [-2000000000, -1.8205359572078466],
    [-1825361101, -1.4395314704450153],
    [-1825361100, -1.4395314688002132],
    [-1000000000, -0.6213965933736739],
    [-12345, -7.204495541856174e-6],
    [-1, -2.918099372916623e-10],
    [0, 2.918099372916623e-10],
    [7, 4.377149059374934e-9],
    [12345, 7.2050791617307725e-6],
    [1000000000, 0.6213965940815838],
    [1825361100, 1.4395314704450153],
    [1825361101, 1.4395314720898174],
    [2047483648, 1.9902252456182599],
    [2146483648, 3.499769255341623],
    [2147482648, 5.040042507931228],
    [2147483647, 6.3379577545537895],
  ])('of word %d is %d', (word, expected) => {
    const [z] = normalOf([word]);
    expect(Math.abs((z as number) / expected - 1)).toBeLessThan(3e-7);
  });

  it('is odd: the word of 1 - p gives -z', () => {
    const words = scan();
    const mirrored = normalOf(words.map((word) => ~word));
    expect(normalOf(words)).toEqual(mirrored.map((z) => -z));
  });

  it('rises with the word', () => {
    const words = scan().sort((a, b) => a - b);
    const z = normalOf(words);
    expect([...z].sort((a, b) => a - b)).toEqual([...z]);
  });

  it('joins at the edge of the tails', () => {
    const [inside, outside] = normalOf([1825361100, 1825361101]);
    expect(Math.abs((outside as number) - (inside as number))).toBeLessThan(3e-7);
    expect(inside).toBeCloseTo(1.439531471, 6);
  });

  it('scales and shifts before rounding', () => {
    const words = scan();
    const plain = normalOf(words);
    const scaled = normalOf(words, 3, 0.5);
    const errors = scaled.map((value, i) => Math.abs(value - (3 + 0.5 * (plain[i] as number))));
    expect(Math.max(...errors)).toBeLessThan(4e-7);
  });
});
