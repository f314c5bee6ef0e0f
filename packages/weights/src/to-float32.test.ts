import { toFloat32 } from './to-float32';

describe('toFloat32', () => {
  it('gives F32 as it is', () => {
    const data = Float32Array.of(1, 2);
    expect(toFloat32({ dtype: 'F32', shape: [2], data })).toBe(data);
  });

  it('decodes F16 and BF16', () => {
    expect(toFloat32({ dtype: 'F16', shape: [2], data: Uint16Array.of(0x3c00, 0xc000) })).toEqual(
      Float32Array.of(1, -2),
    );
    expect(toFloat32({ dtype: 'BF16', shape: [2], data: Uint16Array.of(0x3f80, 0xc000) })).toEqual(
      Float32Array.of(1, -2),
    );
  });

  it('converts numbers and booleans', () => {
    expect(toFloat32({ dtype: 'F64', shape: [2], data: Float64Array.of(0.1, 1e300) })).toEqual(
      Float32Array.of(0.1, Infinity),
    );
    expect(toFloat32({ dtype: 'I8', shape: [1], data: Int8Array.of(-3) })).toEqual(Float32Array.of(-3));
    expect(toFloat32({ dtype: 'BOOL', shape: [2], data: Uint8Array.of(0, 1) })).toEqual(Float32Array.of(0, 1));
  });

  it('rounds 64-bit integers once', () => {
    // Just above the middle of two float32 neighbors; rounded to float64 first it would be the middle itself.
    const value = 2n ** 62n + 2n ** 38n + 1n;
    const above = 2 ** 62 + 2 ** 39;
    expect(toFloat32({ dtype: 'I64', shape: [2], data: BigInt64Array.of(value, -value) })).toEqual(
      Float32Array.of(above, -above),
    );
    expect(toFloat32({ dtype: 'I64', shape: [1], data: BigInt64Array.of(2n ** 62n + 2n ** 38n) })).toEqual(
      Float32Array.of(2 ** 62),
    );
    expect(toFloat32({ dtype: 'U64', shape: [2], data: BigUint64Array.of(2n ** 64n - 1n, 12n) })).toEqual(
      Float32Array.of(2 ** 64, 12),
    );
  });
});
