import { fromBfloat16, fromFloat16 } from './float16';
import type { NamedTensor } from './named-tensor';

/**
 * A tensor's elements as float32: F32 as they are, without a copy; the others converted, rounded to the nearest where
 * they have more than 24 significant bits.
 *
 * @returns as many elements as the tensor has
 */
export function toFloat32(tensor: NamedTensor): Float32Array {
  switch (tensor.dtype) {
    case 'F32':
      return tensor.data;
    case 'F16':
      return fromFloat16(tensor.data);
    case 'BF16':
      return fromBfloat16(tensor.data);
    case 'I64':
    case 'U64':
      return Float32Array.from(tensor.data as ArrayLike<bigint>, roundToFloat32);
    default:
      return Float32Array.from(tensor.data);
  }
}

/** A 64-bit integer, rounded once: Number() alone would round to float64 first and then again. */
function roundToFloat32(value: bigint): number {
  const magnitude = value < 0n ? -value : value;
  if (magnitude < 2n ** 53n) return Number(value);
  // The upper 53 bits, the last one set if any bit below is: then float32 rounds as it would have.
  const upper = magnitude >> 11n;
  const rounded = Number(upper << 11n === magnitude ? upper : upper | 1n) * 2048;
  return value < 0n ? -rounded : rounded;
}
