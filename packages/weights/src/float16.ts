/** A binary floating-point format: the bits of its fraction, and the bias of its exponent. */
interface Format {
  readonly fraction: number;
  readonly bias: number;
}

const HALF: Format = { fraction: 10, bias: 15 };
const BRAIN: Format = { fraction: 7, bias: 127 };

/** Adding and subtracting it rounds a number below 2^51 to an integer, to the even one of two equally near. */
const ROUND = 1.5 * 2 ** 52;

/**
 * Numbers as IEEE 754 half precision (F16): 11 significant bits, from 6e-8 to 65504. Rounded once, to the nearest, ties to
 * even; beyond the range to infinity; NaN to a NaN.
 *
 * @returns the bits, one element for each number
 */
export function toFloat16(values: ArrayLike<number>): Uint16Array {
  return encode(values, HALF);
}

/** The numbers of half-precision bits (F16), exact. NaN stays NaN; its payload may change. */
export function fromFloat16(bits: ArrayLike<number>): Float32Array {
  return decode(bits, HALF);
}

/**
 * Numbers as bfloat16 (BF16): 8 significant bits with the range of float32. Rounded once, to the nearest, ties to even;
 * beyond the range to infinity; NaN to a NaN.
 *
 * @returns the bits, one element for each number
 */
export function toBfloat16(values: ArrayLike<number>): Uint16Array {
  return encode(values, BRAIN);
}

/** The numbers of bfloat16 bits (BF16), exact. NaN stays NaN; its payload may change. */
export function fromBfloat16(bits: ArrayLike<number>): Float32Array {
  return decode(bits, BRAIN);
}

function encode(values: ArrayLike<number>, { fraction, bias }: Format): Uint16Array {
  const infinity = (2 * bias + 1) << fraction;
  const out = new Uint16Array(values.length);
  const wide = new DataView(new ArrayBuffer(8));
  for (let i = 0; i < out.length; i++) {
    const value = values[i] as number;
    wide.setFloat64(0, value);
    const high = wide.getUint32(0);
    const sign = (high >>> 31) << 15;
    const exponent = ((high >>> 20) & 0x7ff) - 1023;
    let bits: number;
    if (value !== value) {
      bits = infinity | (1 << (fraction - 1));
    } else if (exponent > bias) {
      bits = infinity; // also infinity itself
    } else {
      // The value in units of its last place: below 2^fraction where it is subnormal, then all of its bits are fraction.
      const unit = Math.max(exponent, 1 - bias) - fraction;
      wide.setUint32(0, (1023 - unit) << 20);
      wide.setUint32(4, 0); // 2^-unit
      const units = Math.abs(value) * wide.getFloat64(0) + ROUND - ROUND;
      // A carry out of the fraction raises the exponent, at the end to infinity, as it should.
      bits = exponent < 1 - bias ? units : ((exponent + bias - 1) << fraction) + units;
    }
    out[i] = sign | bits;
  }
  return out;
}

function decode(bits: ArrayLike<number>, { fraction, bias }: Format): Float32Array {
  const out = new Float32Array(bits.length);
  const mask = 2 * bias + 1;
  // float32 bits: the fraction moved up, the exponent given another bias, by one exact multiplication.
  const narrow = new DataView(new ArrayBuffer(4));
  const rescale = 2 ** (127 - bias);
  for (let i = 0; i < out.length; i++) {
    const word = bits[i] as number;
    const special = ((word >>> fraction) & mask) === mask;
    const magnitude = (word & 0x7fff) << (23 - fraction);
    narrow.setUint32(0, special ? 0x7f800000 | (magnitude & 0x7fffff) : magnitude);
    const value = special ? narrow.getFloat32(0) : narrow.getFloat32(0) * rescale;
    out[i] = word & 0x8000 ? -value : value;
  }
  return out;
}
