// Against files of NumPy's own: fixtures/make_numpy.py.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { decodeNpy } from './decode-npy';
import { decodeNpz } from './decode-npz';
import { encodeNpy } from './encode-npy';
import { fromFloat16 } from './float16';
import type { NamedTensor } from './named-tensor';

const fixture = (name: string) => Uint8Array.from(readFileSync(join(__dirname, '../fixtures', name)));

/** An .npy file with the given header. */
function npy(header: string, data: number[] = [], version = 1): Uint8Array {
  const length =
    version === 1 ? [header.length & 255, header.length >> 8] : [header.length & 255, header.length >> 8, 0, 0];
  return Uint8Array.of(0x93, ...Buffer.from('NUMPY'), version, 0, ...length, ...Buffer.from(header), ...data);
}

const EXPECTED: Record<string, [dtype: string, shape: number[], data: (number | bigint)[]]> = {
  f8: ['F64', [1, 2], [0.1, -1e300]],
  f4: ['F32', [2, 3, 4], Array.from({ length: 24 }, (_, i) => Math.fround(i / 7))],
  i8: ['I64', [2], [-(2n ** 63n), 2n ** 53n + 1n]],
  i4: ['I32', [], [-7]],
  i2: ['I16', [2], [-300, 300]],
  i1: ['I8', [2], [-128, 127]],
  u8: ['U64', [1], [2n ** 64n - 1n]],
  u4: ['U32', [1], [2 ** 32 - 1]],
  u2: ['U16', [1], [65535]],
  u1: ['U8', [2], [1, 255]],
  b1: ['BOOL', [2, 2], [0, 1, 1, 0]],
  empty: ['F32', [0, 3], []],
  big: ['F32', [2], [1, -2.5]],
  fortran: ['I32', [2, 3, 4], Array.from({ length: 24 }, (_, i) => i)],
};

describe.each(['stored.npz', 'packed.npz'])('decodeNpz of %s', (file) => {
  const tensors = decodeNpz(fixture(file));

  it.each(Object.entries(EXPECTED))('reads %s', (name, [dtype, shape, data]) => {
    const tensor = tensors[name] as NamedTensor;
    expect({ ...tensor, data: [...(tensor.data as Iterable<number>)] }).toEqual({ dtype, shape, data });
  });

  it('reads half precision', () => {
    const { dtype, data } = tensors['f2'] as NamedTensor<'F16'>;
    expect([dtype, ...fromFloat16(data)]).toEqual(['F16', 1.5, 65504, Math.fround(5.960464477539063e-8)]);
  });

  it('reads nothing else', () => {
    expect(Object.keys(tensors).sort()).toEqual([...Object.keys(EXPECTED), 'f2'].sort());
  });
});

describe('encodeNpy', () => {
  it('writes what NumPy writes, byte for byte', () => {
    const bytes = encodeNpy({ dtype: 'F32', shape: [2, 3], data: Float32Array.of(0, 1, 2, 3, 4, 5) });
    expect(Buffer.compare(bytes, fixture('matrix.npy'))).toBe(0);
  });

  it.each(Object.values(decodeNpz(fixture('stored.npz'))))(
    'writes $dtype $shape so that it is read again',
    (tensor) => {
      expect(decodeNpy(encodeNpy(tensor))).toEqual(tensor);
    },
  );

  it.each([
    ['UNSUPPORTED_DTYPE', { dtype: 'BF16', shape: [1], data: new Uint16Array(1) }],
    ['INVALID_TENSOR', { dtype: 'F32', shape: [2], data: new Float32Array(1) }],
    ['INVALID_TENSOR', { dtype: 'F32', shape: [1], data: new Float64Array(1) as never }],
  ] as [string, NamedTensor][])('refuses with %s', (code, tensor) => {
    expect(() => encodeNpy(tensor)).toThrow(expect.objectContaining({ name: 'WeightsError', code }));
  });
});

describe('decodeNpy', () => {
  it.each([
    ["{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }   \n"],
    ["{'shape': (2L,), 'descr': '|u1', 'fortran_order': True}"],
    ['{"descr": "|u1","fortran_order":False,"shape":(2,)}\n'],
  ])('reads the header %j', (header) => {
    for (const version of [1, 2, 3]) {
      expect([...(decodeNpy(npy(header, [3, 4], version)).data as Uint8Array)]).toEqual([3, 4]);
    }
  });

  it.each([
    ['INVALID_HEADER', "{'descr': '|u1', 'fortran_order': False, 'shape': (2)}"],
    ['INVALID_HEADER', "{'descr': '|u1', 'fortran_order': False, 'shape': (-2,)}"],
    ['INVALID_HEADER', "{'descr': '|u1', 'fortran_order': False, 'shape': (2,), 'more': 1}"],
    ['INVALID_HEADER', "{'descr': '|u1', 'descr': '|u1', 'fortran_order': False, 'shape': (2,)}"],
    ['INVALID_HEADER', "{'descr': '|u1', 'fortran_order': False}"],
    ['INVALID_HEADER', "{'descr': '|u1', 'fortran_order': 0, 'shape': (2,)}"],
    ['INVALID_HEADER', "{'descr': '|u1', 'fortran_order': False, 'shape': (2,)} x"],
    ['INVALID_HEADER', ''],
    ['UNSUPPORTED_DTYPE', "{'descr': '|O', 'fortran_order': False, 'shape': (2,)}"],
    ['UNSUPPORTED_DTYPE', "{'descr': '<U3', 'fortran_order': False, 'shape': (2,)}"],
    ['UNSUPPORTED_DTYPE', "{'descr': '|f4', 'fortran_order': False, 'shape': (2,)}"],
    ['UNSUPPORTED_DTYPE', "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,)}"],
    ['TRUNCATED', "{'descr': '|u1', 'fortran_order': False, 'shape': (1000000000000000,)}"],
    ['INVALID_TENSOR', "{'descr': '<f8', 'fortran_order': False, 'shape': (9000000000000000, 9000000000)}"],
    ['TRUNCATED', "{'descr': '|u1', 'fortran_order': False, 'shape': (3,)}"],
    ['INVALID_LAYOUT', "{'descr': '|u1', 'fortran_order': False, 'shape': (1,)}"],
    ['INVALID_TENSOR', "{'descr': '|b1', 'fortran_order': False, 'shape': (2,)}"],
  ])('refuses with %s the header %j', (code, header) => {
    expect(() => decodeNpy(npy(header, [3, 4]))).toThrow(expect.objectContaining({ name: 'WeightsError', code }));
  });

  it('refuses files that are not .npy', () => {
    expect(() => decodeNpy(Uint8Array.from(Buffer.from('a,b\n1,2\n')))).toThrow(
      expect.objectContaining({ code: 'INVALID_HEADER' }),
    );
    expect(() => decodeNpy([] as never)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
  });
});

describe('decodeNpz', () => {
  it('detects a changed byte of the data by the checksum', () => {
    const bytes = fixture('stored.npz');
    const at = Buffer.from(bytes).indexOf(Buffer.from(Float64Array.of(0.1).buffer));
    bytes[at]! ^= 1;
    expect(() => decodeNpz(bytes)).toThrow(expect.objectContaining({ code: 'INVALID_ARCHIVE' }));
  });

  it('refuses archives larger than maxBytes', () => {
    expect(() => decodeNpz(fixture('packed.npz'), { maxBytes: 1000 })).toThrow(
      expect.objectContaining({ code: 'INVALID_ARCHIVE' }),
    );
  });

  it('refuses an entry whose size exceeds the limits of deflate', () => {
    const bytes = fixture('packed.npz');
    const at = Buffer.from(bytes).indexOf(Buffer.from('PK\x01\x02', 'latin1'));
    new DataView(bytes.buffer).setUint32(at + 24, 2 ** 30, true);
    expect(() => decodeNpz(bytes)).toThrow(expect.objectContaining({ code: 'INVALID_ARCHIVE' }));
  });
});
