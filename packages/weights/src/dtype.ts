/** The array that holds a tensor's elements. F16 and BF16 are kept as their bits; BOOL as bytes 0 and 1. */
export interface DataOf {
  /** 64-bit floating point. */
  readonly F64: Float64Array;
  /** 32-bit floating point. */
  readonly F32: Float32Array;
  /** 16-bit floating point (IEEE half precision), as bits. */
  readonly F16: Uint16Array;
  /** The upper 16 bits of a 32-bit floating point number, as bits. */
  readonly BF16: Uint16Array;
  /** 64-bit signed integers. */
  readonly I64: BigInt64Array;
  /** 32-bit signed integers. */
  readonly I32: Int32Array;
  /** 16-bit signed integers. */
  readonly I16: Int16Array;
  /** 8-bit signed integers. */
  readonly I8: Int8Array;
  /** 64-bit unsigned integers. */
  readonly U64: BigUint64Array;
  /** 32-bit unsigned integers. */
  readonly U32: Uint32Array;
  /** 16-bit unsigned integers. */
  readonly U16: Uint16Array;
  /** 8-bit unsigned integers. */
  readonly U8: Uint8Array;
  /** Truth values, 0 or 1 each. */
  readonly BOOL: Uint8Array;
}

/** An element type, by its name in safetensors. */
export type Dtype = keyof DataOf;

interface ArrayType {
  new (length: number): DataOf[Dtype];
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): DataOf[Dtype];
  readonly name: string;
  readonly BYTES_PER_ELEMENT: number;
}

/** The arrays of the element types, in the order in which a file stores them: wide before narrow, so each is aligned. */
export const ARRAY_OF: ReadonlyMap<string, ArrayType> = /* @__PURE__ */ new Map<Dtype, ArrayType>([
  ['U64', BigUint64Array],
  ['I64', BigInt64Array],
  ['F64', Float64Array],
  ['F32', Float32Array],
  ['U32', Uint32Array],
  ['I32', Int32Array],
  ['BF16', Uint16Array],
  ['F16', Uint16Array],
  ['U16', Uint16Array],
  ['I16', Int16Array],
  ['I8', Int8Array],
  ['U8', Uint8Array],
  ['BOOL', Uint8Array],
]);
