import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeSafetensors } from './decode-safetensors';
import type { DataOf, Dtype } from './dtype';
import { encodeSafetensors } from './encode-safetensors';
import { WeightsError } from './errors';
import type { NamedTensor } from './named-tensor';

/** What fixtures/make_reference.py writes. */
const reference: Record<string, NamedTensor> = {
  float64: { dtype: 'F64', shape: [2], data: Float64Array.of(0.1, -1e300) },
  'float32/b': { dtype: 'F32', shape: [2, 3], data: Float32Array.of(0, 1, -2.5, 3e38, 1e-45, 0.1) },
  'float32/a': { dtype: 'F32', shape: [], data: Float32Array.of(42) },
  half: { dtype: 'F16', shape: [3], data: Uint16Array.of(0x3e00, 0x7bff, 1) },
  brain: { dtype: 'BF16', shape: [2], data: Uint16Array.of(0x3f80, 0xc049) },
  int64: { dtype: 'I64', shape: [1, 2], data: BigInt64Array.of(-(2n ** 63n), 2n ** 53n + 1n) },
  int32: { dtype: 'I32', shape: [1], data: Int32Array.of(-7) },
  int16: { dtype: 'I16', shape: [2], data: Int16Array.of(-300, 300) },
  int8: { dtype: 'I8', shape: [3], data: Int8Array.of(-128, 0, 127) },
  uint64: { dtype: 'U64', shape: [1], data: BigUint64Array.of(2n ** 64n - 1n) },
  uint32: { dtype: 'U32', shape: [1], data: Uint32Array.of(2 ** 32 - 1) },
  uint16: { dtype: 'U16', shape: [1], data: Uint16Array.of(65535) },
  uint8: { dtype: 'U8', shape: [5], data: Uint8Array.of(1, 2, 3, 4, 255) },
  bool: { dtype: 'BOOL', shape: [2, 2], data: Uint8Array.of(0, 1, 1, 0) },
  empty: { dtype: 'F32', shape: [0, 3], data: new Float32Array(0) },
  '\u{1f600} é "quoted"\n': { dtype: 'U8', shape: [1], data: Uint8Array.of(7) },
  '\uff5e': { dtype: 'U8', shape: [1], data: Uint8Array.of(8) },
};
const referenceMetadata = { format: 'test "é" \t' };
const referenceFile = (): Uint8Array =>
  Uint8Array.from(readFileSync(join(__dirname, '../fixtures/reference.safetensors')));

/** A file of this header and data. */
function file(header: string | Uint8Array, data: Uint8Array = new Uint8Array(0), length?: number): Uint8Array {
  const encoded = typeof header === 'string' ? new TextEncoder().encode(header) : header;
  const bytes = new Uint8Array(8 + encoded.length + data.length);
  new DataView(bytes.buffer).setUint32(0, length ?? encoded.length, true);
  bytes.set(encoded, 8);
  bytes.set(data, 8 + encoded.length);
  return bytes;
}

function codeOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    if (error instanceof WeightsError) return error.code;
    throw error;
  }
  return 'no error';
}

describe('the reference implementation', () => {
  it('wrote what decodeSafetensors reads', () => {
    const { tensors, metadata } = decodeSafetensors(referenceFile());
    expect(tensors).toEqual(reference);
    expect(metadata).toEqual(referenceMetadata);
  });

  it('writes the same bytes as encodeSafetensors', () => {
    expect(encodeSafetensors(reference, { metadata: referenceMetadata })).toEqual(referenceFile());
  });
});

describe('encodeSafetensors', () => {
  it('gives the same bytes whatever the order of the tensors and the metadata', () => {
    const entries = Object.entries(reference);
    const bytes = encodeSafetensors(reference, { metadata: { a: '1', b: '2' } });
    const reversed = Object.fromEntries(entries.reverse());
    expect(encodeSafetensors(reversed, { metadata: { b: '2', a: '1' } })).toEqual(bytes);
  });

  it('aligns the data of every tensor to its element size', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 20 }), { maxLength: 3 }), (names) => {
        fc.pre(!names.includes('__metadata__'));
        const tensors = Object.fromEntries(
          names.map((name, i) => [name, Object.values(reference)[i % 3] as NamedTensor]),
        );
        const bytes = encodeSafetensors(tensors);
        expect(new DataView(bytes.buffer).getUint32(0, true) % 8).toBe(0);
        for (const { data } of Object.values(decodeSafetensors(bytes).tensors)) {
          expect(data.byteLength === 0 || data.buffer === bytes.buffer).toBe(true);
        }
      }),
      { seed: 1 },
    );
  });

  it('writes an empty file', () => {
    expect([...encodeSafetensors({})]).toEqual([8, 0, 0, 0, 0, 0, 0, 0, ...Buffer.from('{}      ')]);
    expect(encodeSafetensors({}, { metadata: {} })).toEqual(encodeSafetensors({}));
    expect(decodeSafetensors(encodeSafetensors({}))).toEqual({ tensors: {}, metadata: {} });
  });

  it('takes arrays that are views into larger buffers', () => {
    const data = Float32Array.of(9, 1, 2, 9).subarray(1, 3);
    const { tensors } = decodeSafetensors(encodeSafetensors({ x: { dtype: 'F32', shape: [2], data } }));
    expect(tensors['x']?.data).toEqual(Float32Array.of(1, 2));
  });

  test.each<[string, string, unknown, Record<string, unknown>]>([
    ['too few elements', 'INVALID_TENSOR', { x: { dtype: 'F32', shape: [3], data: new Float32Array(2) } }, {}],
    ['another array', 'INVALID_TENSOR', { x: { dtype: 'F32', shape: [2], data: new Float64Array(2) } }, {}],
    ['a plain array', 'INVALID_TENSOR', { x: { dtype: 'F32', shape: [2], data: [1, 2] } }, {}],
    ['a negative size', 'INVALID_TENSOR', { x: { dtype: 'F32', shape: [-1, -2], data: new Float32Array(2) } }, {}],
    ['a fractional size', 'INVALID_TENSOR', { x: { dtype: 'F32', shape: [0.5, 4], data: new Float32Array(2) } }, {}],
    ['no shape', 'INVALID_TENSOR', { x: { dtype: 'F32', data: new Float32Array(2) } }, {}],
    ['a BOOL of 2', 'INVALID_TENSOR', { x: { dtype: 'BOOL', shape: [1], data: Uint8Array.of(2) } }, {}],
    ['an unknown dtype', 'UNSUPPORTED_DTYPE', { x: { dtype: 'F8_E4M3', shape: [1], data: new Uint8Array(1) } }, {}],
    ['no tensor', 'UNSUPPORTED_DTYPE', { x: undefined }, {}],
    ['a reserved name', 'INVALID_OPTION', { __metadata__: { dtype: 'U8', shape: [0], data: new Uint8Array(0) } }, {}],
    ['half a character', 'INVALID_OPTION', { '\ud800': { dtype: 'U8', shape: [0], data: new Uint8Array(0) } }, {}],
    ['metadata that is not a string', 'INVALID_OPTION', {}, { a: 1 }],
    ['half a character in metadata', 'INVALID_OPTION', {}, { a: '\udc00' }],
  ])('refuses %s: %s', (_name, code, tensors, metadata) => {
    expect(
      codeOf(() =>
        encodeSafetensors(tensors as Record<string, NamedTensor>, { metadata: metadata as Record<string, string> }),
      ),
    ).toBe(code);
  });
});

describe('round trip', () => {
  const tensor = fc
    .tuple(
      fc.constantFrom(
        ...(['F64', 'F32', 'F16', 'BF16', 'I64', 'I32', 'I16', 'I8', 'U64', 'U32', 'U16', 'U8'] as const),
      ),
      fc.array(fc.nat(3), { maxLength: 4 }),
      fc.uint8Array({ minLength: 81 * 8, maxLength: 81 * 8 }),
    )
    .map(([dtype, shape, bytes]): NamedTensor => {
      const arrays: { [D in Dtype]?: new (buffer: ArrayBuffer, offset: number, length: number) => DataOf[D] } = {
        F64: Float64Array, F32: Float32Array, F16: Uint16Array, BF16: Uint16Array, I64: BigInt64Array, I32: Int32Array,
        I16: Int16Array, I8: Int8Array, U64: BigUint64Array, U32: Uint32Array, U16: Uint16Array, U8: Uint8Array,
      }; // prettier-ignore
      const elements = shape.reduce((product, size) => product * size, 1);
      const buffer = Uint8Array.from(bytes).buffer;
      return { dtype, shape, data: new arrays[dtype]!(buffer, 0, elements) } as NamedTensor;
    });

  it('keeps every bit of tensors, names and metadata', () => {
    const names = fc.string({ unit: 'binary', maxLength: 8 }).filter((name) => name !== '__metadata__');
    fc.assert(
      fc.property(
        fc.dictionary(names, tensor, { maxKeys: 5 }),
        fc.dictionary(names, fc.string({ unit: 'binary' }), { maxKeys: 3 }),
        (tensors, metadata) => {
          const decoded = decodeSafetensors(encodeSafetensors(tensors, { metadata }));
          expect(Object.keys(decoded.tensors).sort()).toEqual(Object.keys(tensors).sort());
          for (const [name, { dtype, shape, data }] of Object.entries(tensors)) {
            const other = decoded.tensors[name] as NamedTensor;
            expect([other.dtype, other.shape]).toEqual([dtype, shape]);
            expect(other.data.constructor).toBe(data.constructor);
            const bytesOf = (array: ArrayBufferView): Buffer =>
              Buffer.from(array.buffer, array.byteOffset, array.byteLength);
            expect(bytesOf(other.data).equals(bytesOf(data))).toBe(true);
          }
          expect({ ...decoded.metadata }).toEqual({ ...metadata });
        },
      ),
      { seed: 1 },
    );
  });
});

describe('decodeSafetensors', () => {
  const x = '{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}';
  const four = Uint8Array.of(0, 0, 0x80, 0x3f);

  it('views aligned data in place', () => {
    const bytes = encodeSafetensors({ x: { dtype: 'F32', shape: [2], data: Float32Array.of(1, 2) } });
    expect(decodeSafetensors(bytes).tensors['x']?.data.buffer).toBe(bytes.buffer);
  });

  it('copies data that is not aligned', () => {
    const aligned = encodeSafetensors({ x: { dtype: 'F32', shape: [2], data: Float32Array.of(1, 2) } });
    const shifted = new Uint8Array(aligned.length + 1).subarray(1);
    shifted.set(aligned);
    const data = decodeSafetensors(shifted).tensors['x']?.data;
    expect(data).toEqual(Float32Array.of(1, 2));
    expect(data?.buffer).not.toBe(shifted.buffer);
  });

  it('reads a Buffer and shared memory', () => {
    expect(decodeSafetensors(Buffer.from(referenceFile())).tensors).toEqual(reference);
    const shared = new Uint8Array(new SharedArrayBuffer(referenceFile().length));
    shared.set(referenceFile());
    expect(Object.keys(decodeSafetensors(shared).tensors)).toHaveLength(Object.keys(reference).length);
  });

  it('takes tensors listed in any order, with white space, escapes and padding', () => {
    const header =
      '{ "b" : {"data_offsets":[1,2],"dtype":"U8","shape":[1]},\n\t"__metadata__":{ "k" : "\\u00e9" },\r' +
      '"\\u0061": {"shape": [ ], "dtype": "\\u0055\\u0038", "data_offsets": [ 0 , 1 ]} }  ';
    const { tensors, metadata } = decodeSafetensors(file(header, Uint8Array.of(5, 6)));
    expect(tensors).toEqual({
      a: { dtype: 'U8', shape: [], data: Uint8Array.of(5) },
      b: { dtype: 'U8', shape: [1], data: Uint8Array.of(6) },
    });
    expect(metadata).toEqual({ k: 'é' });
  });

  it('takes __proto__ and constructor as names like any other', () => {
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
    const members = names.map((name, i) => `"${name}":{"dtype":"U8","shape":[1],"data_offsets":[${i},${i + 1}]}`);
    const header = `{"__metadata__":{"__proto__":"p","constructor":"c"},${members.join(',')}}`;
    const { tensors, metadata } = decodeSafetensors(file(header, Uint8Array.of(0, 1, 2, 3)));
    expect(Object.keys(tensors)).toEqual(names);
    expect(Object.keys(metadata)).toEqual(['__proto__', 'constructor']);
    names.forEach((name, i) => expect(tensors[name]?.data[0]).toBe(i));
    expect(({} as Record<string, unknown>)['dtype']).toBeUndefined();
    // Also as keys of the tensor itself, where they are not allowed.
    expect(codeOf(() => decodeSafetensors(file('{"x":{"__proto__":{"dtype":"U8"}}}')))).toBe('INVALID_HEADER');
    // And written again.
    expect(Object.keys(decodeSafetensors(encodeSafetensors(tensors, { metadata })).tensors).sort()).toEqual(
      [...names].sort(),
    );
  });

  it('has no member that the file does not name', () => {
    const { tensors } = decodeSafetensors(file(x, four));
    expect(tensors['toString']).toBeUndefined();
    expect('constructor' in tensors).toBe(false);
  });

  test.each<[string, string, () => unknown]>([
    ['no Uint8Array', 'INVALID_OPTION', () => decodeSafetensors('file' as unknown as Uint8Array)],
    ['no byte', 'TRUNCATED', () => decodeSafetensors(new Uint8Array(0))],
    ['seven bytes', 'TRUNCATED', () => decodeSafetensors(new Uint8Array(7))],
    ['a header beyond the file', 'TRUNCATED', () => decodeSafetensors(file(x, four, 1000))],
    ['a header of 100,000,001 bytes', 'INVALID_HEADER', () => decodeSafetensors(file(x, four, 100_000_001))],
    ['a header of 2^64 - 1 bytes', 'INVALID_HEADER', () => decodeSafetensors(new Uint8Array(16).fill(255))],
    ['an empty header', 'INVALID_HEADER', () => decodeSafetensors(file(''))],
    ['a header that starts with a space', 'INVALID_HEADER', () => decodeSafetensors(file(` ${x}`, four))],
    ['a byte-order mark', 'INVALID_HEADER', () => decodeSafetensors(file(`\ufeff${x}`, four))],
    ['invalid UTF-8', 'INVALID_HEADER', () => decodeSafetensors(file(Uint8Array.of(0x7b, 0x22, 0xff, 0x22)))],
    ['data cut off', 'TRUNCATED', () => decodeSafetensors(file(x, four.subarray(1)))],
    ['data left over', 'INVALID_LAYOUT', () => decodeSafetensors(file(x, new Uint8Array(5)))],
  ])('refuses %s: %s', (_name, code, call) => {
    expect(codeOf(call)).toBe(code);
  });

  const member = (info: string): string => `{"x":${info}}`;
  test.each<[string, string, string]>([
    ['an array', 'INVALID_HEADER', '[]'],
    ['an object that does not end', 'INVALID_HEADER', '{'],
    ['text after the object', 'INVALID_HEADER', '{} x'],
    ['two objects', 'INVALID_HEADER', '{}{}'],
    ['a comma too many', 'INVALID_HEADER', '{"__metadata__":{},}'],
    ['a name without quotes', 'INVALID_HEADER', '{x:1}'],
    ['a string that does not end', 'INVALID_HEADER', '{"x'],
    ['a string that ends in a backslash', 'INVALID_HEADER', '{"x\\'],
    ['a control character', 'INVALID_HEADER', '{"x\n":1}'],
    ['an unknown escape', 'INVALID_HEADER', '{"\\x":1}'],
    ['half a surrogate pair', 'INVALID_HEADER', member('1').replace('x', '\\ud800')],
    ['a tensor that is a number', 'INVALID_HEADER', member('1')],
    ['a tensor that is null', 'INVALID_HEADER', member('null')],
    ['no dtype', 'INVALID_HEADER', member('{"shape":[1],"data_offsets":[0,4]}')],
    ['no shape', 'INVALID_HEADER', member('{"dtype":"F32","data_offsets":[0,4]}')],
    ['no data_offsets', 'INVALID_HEADER', member('{"dtype":"F32","shape":[1]}')],
    ['one offset', 'INVALID_HEADER', member('{"dtype":"F32","shape":[1],"data_offsets":[0]}')],
    ['three offsets', 'INVALID_HEADER', member('{"dtype":"F32","shape":[1],"data_offsets":[0,4,4]}')],
    ['another key', 'INVALID_HEADER', member('{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":1}')],
    ['a key twice', 'INVALID_HEADER', member('{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}')],
    ['a negative offset', 'INVALID_HEADER', member('{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}')],
    ['a fractional size', 'INVALID_HEADER', member('{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}')],
    ['an exponent', 'INVALID_HEADER', member('{"dtype":"F32","shape":[1e0],"data_offsets":[0,4]}')],
    ['a leading zero', 'INVALID_HEADER', member('{"dtype":"F32","shape":[01],"data_offsets":[0,4]}')],
    ['a size of 2^53', 'INVALID_HEADER', member('{"dtype":"F32","shape":[9007199254740992],"data_offsets":[0,4]}')],
    ['deep nesting', 'INVALID_HEADER', member('['.repeat(100_000))],
    ['metadata that is not a string', 'INVALID_HEADER', '{"__metadata__":{"a":1}}'],
    ['a metadata key twice', 'INVALID_HEADER', '{"__metadata__":{"a":"1","a":"2"}}'],
    ['metadata twice', 'INVALID_HEADER', '{"__metadata__":{},"__metadata__":{}}'],
    ['an unknown dtype', 'UNSUPPORTED_DTYPE', member('{"dtype":"F8_E5M2","shape":[4],"data_offsets":[0,4]}')],
    ['a dtype of a prototype', 'UNSUPPORTED_DTYPE', member('{"dtype":"toString","shape":[4],"data_offsets":[0,4]}')],
    ['a shape too large', 'INVALID_TENSOR', member('{"dtype":"F32","shape":[2],"data_offsets":[0,4]}')],
    ['a shape too small', 'INVALID_TENSOR', member('{"dtype":"F32","shape":[0],"data_offsets":[0,4]}')],
    ['offsets that run backwards', 'INVALID_TENSOR', member('{"dtype":"F32","shape":[1],"data_offsets":[4,0]}')],
    [
      'a product beyond 2^53',
      'INVALID_TENSOR',
      member('{"dtype":"F32","shape":[4294967296,4294967296,0],"data_offsets":[0,0]}').replace(',0]', ']'),
    ],
    [
      'a product that is 1 modulo 2^64',
      'INVALID_TENSOR',
      member('{"dtype":"F32","shape":[274177,67280421310721,4294967295],"data_offsets":[0,4]}'),
    ],
    [
      'offsets beyond any file',
      'TRUNCATED',
      member('{"dtype":"U8","shape":[9007199254740991],"data_offsets":[0,9007199254740991]}'),
    ],
    ['a gap before', 'INVALID_LAYOUT', member('{"dtype":"U8","shape":[3],"data_offsets":[1,4]}')],
  ])('refuses %s: %s', (_name, code, header) => {
    expect(codeOf(() => decodeSafetensors(file(header, four)))).toBe(code);
  });

  it('refuses a BOOL that is neither 0 nor 1', () => {
    const header = '{"x":{"dtype":"BOOL","shape":[2],"data_offsets":[0,2]}}';
    expect(codeOf(() => decodeSafetensors(file(header, Uint8Array.of(1, 2))))).toBe('INVALID_TENSOR');
  });

  const two = (a: string, b: string): string =>
    `{"a":{"dtype":"U8","shape":[2],"data_offsets":${a}},"b":{"dtype":"U8","shape":[2],"data_offsets":${b}}}`;
  test.each([
    ['tensors that overlap', two('[0,2]', '[1,3]')],
    ['tensors that share their data', two('[0,2]', '[0,2]')],
    ['a gap between tensors', two('[0,2]', '[3,5]')],
  ])('refuses %s', (_name, header) => {
    expect(codeOf(() => decodeSafetensors(file(header, new Uint8Array(5))))).toBe('INVALID_LAYOUT');
  });

  it('refuses a name twice, which JSON.parse would take', () => {
    const header = two('[0,2]', '[2,4]').replace('"b"', '"\\u0061"');
    expect(codeOf(() => decodeSafetensors(file(header, four)))).toBe('INVALID_HEADER');
  });

  it('reads a long name, and quotes it short in messages', () => {
    const name = 'n'.repeat(1_000_000);
    const header = `{"${name}":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}`;
    expect(() => decodeSafetensors(file(header, four))).toThrow(
      expect.objectContaining({ message: expect.stringMatching(/^.{1,300}$/) }),
    );
  });
});
