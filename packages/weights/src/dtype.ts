/** The array that holds a tensor's elements. F16 and BF16 are kept as their bits; BOOL as bytes 0 and 1. */
export interface DataOf {
  readonly F64: Float64Array;
  readonly F32: Float32Array;
  readonly F16: Uint16Array;
  readonly BF16: Uint16Array;
  readonly I64: BigInt64Array;
  readonly I32: Int32Array;
  readonly I16: Int16Array;
  readonly I8: Int8Array;
  readonly U64: BigUint64Array;
  readonly U32: Uint32Array;
  readonly U16: Uint16Array;
  readonly U8: Uint8Array;
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
