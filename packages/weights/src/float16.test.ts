import { fromBfloat16, fromFloat16, toBfloat16, toFloat16 } from './float16';

const ALL = Uint16Array.from({ length: 65536 }, (_, bits) => bits);

/** IEEE 754's definition of a binary format: the value of its bits. */
function valueOf(bits: number, fraction: number, bias: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits & 0x7fff) >> fraction;
  const mantissa = bits & ((1 << fraction) - 1);
  if (exponent === 2 * bias + 1) return mantissa === 0 ? sign * Infinity : NaN;
  if (exponent === 0) return sign * mantissa * 2 ** (1 - bias - fraction);
  return sign * (mantissa + 2 ** fraction) * 2 ** (exponent - bias - fraction);
}

describe.each([
  { name: 'F16', to: toFloat16, from: fromFloat16, fraction: 10, bias: 15, largest: 65504 },
  { name: 'BF16', to: toBfloat16, from: fromBfloat16, fraction: 7, bias: 127, largest: 2 ** 127 * (2 - 2 ** -7) },
])('$name', ({ to, from, fraction, bias, largest }) => {
  const values = Float64Array.from(ALL, (bits) => valueOf(bits, fraction, bias));

  it('decodes every bit pattern to its value', () => {
    expect(from(ALL)).toEqual(Float32Array.from(values));
  });

  it('encodes every value to its bits', () => {
    const bits = to(values);
    ALL.forEach((expected, i) => {
      if (!Number.isNaN(values[i]) && bits[i] !== expected)
        throw new Error(`${values[i]}: ${bits[i]}, not ${expected}`);
    });
  });

  it('keeps NaN a NaN', () => {
    expect(from(to([NaN]))).toEqual(Float32Array.of(NaN));
  });

  it('rounds to the nearest, ties to even, whatever lies between two neighbors', () => {
    const infinity = (2 * bias + 1) << fraction;
    for (let bits = 0; bits < infinity - 1; bits++) {
      const [low, high] = [values[bits] as number, values[bits + 1] as number];
      const middle = (low + high) / 2;
      const even = bits % 2 === 0 ? bits : bits + 1;
      // The neighbors of the middle in float64, where rounding to float32 first would give a tie.
      const gap = (high - low) * 2 ** -40;
      const rounded = to([middle, middle - gap, middle + gap, -middle]);
      if (rounded[0] !== even || rounded[1] !== bits || rounded[2] !== bits + 1 || rounded[3] !== (even | 0x8000)) {
        throw new Error(`between ${low} and ${high}: ${rounded.join(' ')}`);
      }
    }
  });

  it('goes to infinity from half a step beyond the largest number', () => {
    const infinity = (2 * bias + 1) << fraction;
    const step = 2 ** (bias - fraction);
    expect([...to([largest, largest + step / 2.01, largest + step / 2, Infinity, -Infinity, 1e308])]).toEqual([
      infinity - 1,
      infinity - 1,
      infinity,
      infinity,
      infinity | 0x8000,
      infinity,
    ]);
  });

  it('keeps the sign of zero, and of what is too small', () => {
    expect([...to([0, -0, 5e-324, -5e-324])]).toEqual([0, 0x8000, 0, 0x8000]);
  });
});
