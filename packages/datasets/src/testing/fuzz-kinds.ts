import { mkdtempSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';

import { encodeNpy, type NamedTensor } from '@taggerjs/weights';
import { damaged } from '@taggerjs-tools/testing/damaged';
import * as fc from 'fast-check';
import { encode } from 'fast-png';
import { gzipSync, zipSync, zlibSync } from 'fflate';

import { DatasetError } from '../errors';
import { datasetsOf } from '../files/datasets-of-arrays';
import { decodeIdx } from '../files/decode-idx';
import { decodePng } from '../files/decode-png';
import type { FileArrays } from '../files/file-arrays';
import type { OpenFile } from '../files/file-source';
import type { Hdf5Array } from '../files/hdf5-worker';
import { loadData } from '../files/load-data';
import { readNpyArrays, readNpzArrays } from '../files/read-npz';
import { readScenes, scenesIn } from '../files/read-scenes';
import { fuelSplits, writeFuelFile } from './fuel-file';
import { writeSceneFile } from './scene-file';

/** A format whose reader is tested with damaged files. */
export interface FuzzKind {
  readonly damaged: fc.Arbitrary<Uint8Array>;
  /** Reads a file and throws unless the result is valid. */
  read(bytes: Uint8Array): Promise<void>;
  /** Reads valid files: reading damaged ones must not have broken the reader. */
  readValid(): Promise<void>;
  /** The code with which most damage is refused. @default 'INVALID_FILE' */
  readonly mostlyRefusedAs?: string;
  dispose?(): void;
}

/** `maxBytes` of the readers. */
const MAX_BYTES = 2 ** 24;

function checkTensor({ shape, data }: NamedTensor): void {
  if (data.length !== shape.reduce((product, size) => product * size, 1)) throw new Error('wrong number of elements');
  if (data.byteLength > MAX_BYTES) throw new Error('more memory than allowed');
}

function readAll(files: readonly Uint8Array[], read: (bytes: Uint8Array) => Promise<void>): () => Promise<void> {
  return async () => {
    for (const file of files) await read(file);
  };
}

function inMemory(bytes: Uint8Array): OpenFile {
  return {
    path: 'damaged',
    size: bytes.length,
    read: (offset, length) => Promise.resolve(bytes.slice(offset, offset + length)),
    async *chunks() {
      for (let at = 0; at < bytes.length; at += 1000) yield bytes.slice(at, at + 1000);
    },
  };
}

function idx(): FuzzKind {
  const valid = [
    Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 4, 0, 0, 0, 2, 0, 0, 0, 3, ...Array(24).keys()),
    Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 5, 1, 2, 3, 4, 5),
    Uint8Array.of(0, 0, 0x0d, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0x3f, 0x80, 0, 0, 0, 0, 0, 0),
    Uint8Array.of(0, 0, 0x0e, 1, 0, 0, 0, 1, 0x3f, 0xf0, 0, 0, 0, 0, 0, 0),
  ];
  const gzip = (file: Uint8Array) => gzipSync(file, { mtime: 0 });
  const read = async (bytes: Uint8Array) => checkTensor(await decodeIdx(bytes, { maxBytes: MAX_BYTES }));
  return {
    damaged: fc.oneof(
      { weight: 2, arbitrary: damaged(valid) },
      { weight: 1, arbitrary: damaged(valid).map(gzip) },
      { weight: 1, arbitrary: damaged(valid.map(gzip)) },
    ),
    read,
    readValid: readAll(valid, read),
  };
}

const NPY = [
  encodeNpy({ dtype: 'F32', shape: [4, 3], data: Float32Array.from({ length: 12 }, (_, i) => i) }),
  encodeNpy({ dtype: 'BOOL', shape: [6, 1], data: Uint8Array.of(0, 1, 1, 0, 1, 0) }),
  encodeNpy({ dtype: 'I64', shape: [3, 2], data: BigInt64Array.of(1n, 2n, 3n, 4n, 5n, 6n) }),
];
const NPY_PIECES = ["'<f4'", "'>f8'", "'|O'", "'shape'", "'descr'", 'True', '(', ')', ',', '{', '}', '-1', '9'.repeat(20), '1e9', '3L']; // prettier-ignore

function checkArrays(arrays: FileArrays): void {
  for (const part of Object.values(arrays))
    for (const tensor of Object.values(part)) if (typeof tensor === 'object') checkTensor(tensor as NamedTensor);
}

async function checkNumpy(arrays: Awaited<ReturnType<typeof readNpyArrays>>): Promise<void> {
  checkArrays(arrays);
  const { train } = datasetsOf('damaged', arrays, {});
  const { inputs } = await train.examples([0]);
  if (!inputs.every(Number.isFinite)) throw new Error('inputs that are not finite');
}

function npy(): FuzzKind {
  const read = async (bytes: Uint8Array) => checkNumpy(await readNpyArrays(inMemory(bytes), MAX_BYTES));
  return { damaged: damaged(NPY, NPY_PIECES), read, readValid: readAll(NPY, read) };
}

function npz(): FuzzKind {
  const entries = {
    'inputs.npy': encodeNpy({ dtype: 'F32', shape: [20, 3], data: new Float32Array(60) }),
    'segments.npy': encodeNpy({ dtype: 'U8', shape: [20, 3], data: new Uint8Array(60) }),
    'labels.npy': encodeNpy({ dtype: 'U8', shape: [20], data: new Uint8Array(20) }),
  };
  const valid = [zipSync(entries, { level: 0 }), zipSync(entries)];
  const read = async (bytes: Uint8Array) => checkNumpy(await readNpzArrays(inMemory(bytes), MAX_BYTES));
  return {
    damaged: fc.oneof(
      damaged(valid, [...NPY_PIECES, 'PK\x01\x02', 'PK\x03\x04', 'PK\x05\x06', '.npy', 'inputs.npy']),
      // Damaged arrays in a valid archive.
      damaged(NPY, NPY_PIECES).map((entry) => zipSync({ 'inputs.npy': entry }, { level: 0 })),
    ),
    read,
    readValid: readAll(valid, read),
  };
}

function png(): FuzzKind {
  const gray = Uint8Array.from({ length: 48 }, (_, i) => i * 5);
  const valid = [
    encode({ width: 8, height: 6, channels: 1, depth: 8, data: gray }),
    encode({ width: 4, height: 4, channels: 3, depth: 8, data: gray }),
    encode({ width: 3, height: 2, channels: 1, depth: 16, data: Uint16Array.of(1, 2, 3, 4, 5, 65535) }),
    ...['bits.png', 'palette-4.png'].map((name) => readFileSync(join(__dirname, '../../fixtures', name))),
  ].map((file) => Uint8Array.from(file));
  const pieces = ['IHDR', 'IDAT', 'IEND', 'PLTE', 'tRNS', 'iCCP', 'acTL'];
  const header = valid[0]!.subarray(0, 33);
  const rows = Uint8Array.from({ length: 54 }, (_, i) => (i % 9 === 0 ? (i / 9) % 5 : i));
  const chunk = (type: string, data: Uint8Array) => {
    const bytes = Buffer.alloc(12 + data.length);
    bytes.writeUInt32BE(data.length);
    bytes.write(type, 4, 'latin1');
    bytes.set(data, 8);
    return bytes;
  };
  const read = async (bytes: Uint8Array) => {
    const channels = bytes.length % 2 === 0 ? 1 : 3;
    const { height, width, values } = await decodePng(bytes, { maxBytes: MAX_BYTES, channels });
    if (values.length !== height * width * channels || !values.every((value) => value >= 0 && value <= 1))
      throw new Error('wrong number of values, or values out of range');
  };
  return {
    damaged: fc.oneof(
      damaged(valid, pieces),
      // With right checksums, or the checks after them would rarely be reached.
      damaged(valid, pieces).map(withChecksums),
      damaged([rows]).map((rows) =>
        withChecksums(Uint8Array.of(...header, ...chunk('IDAT', zlibSync(rows)), ...chunk('IEND', new Uint8Array(0)))),
      ),
    ),
    read,
    readValid: readAll(valid, read),
  };
}

/** A PNG file with the checksums of its chunks corrected, up to the first that is not complete. */
function withChecksums(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 8; at + 12 <= bytes.length;) {
    const end = at + 8 + view.getUint32(at);
    if (end + 4 > bytes.length) break;
    view.setUint32(end, crc32(bytes.subarray(at + 4, end)));
    at = end + 4;
  }
  return bytes;
}

async function hdf5(): Promise<FuzzKind> {
  const folder = mkdtempSync(join(tmpdir(), 'taggerjs-fuzz-'));
  const splits = fuelSplits(['features', 'mask', 'targets'], [['train', 0, 8], ['valid', 8, 10], ['test', 10, 12]]); // prettier-ignore
  const valid = await Promise.all(
    ([undefined, 'gzip'] as const).map(async (compression) => {
      const path = join(folder, `valid-${compression}.h5`);
      const features = Float32Array.from({ length: 48 }, (_, i) => i);
      const mask = new Float32Array(96).map((_, i) => Number(i % 8 < 4));
      await writeFuelFile(path, {
        arrays: [
          { name: 'features', data: features, shape: [12, 4], compression },
          { name: 'mask', data: mask, shape: [12, 2, 4], compression },
          { name: 'targets', data: new Uint8Array(12), shape: [12, 1], compression },
        ],
        splits,
      });
      return { path, bytes: new Uint8Array(readFileSync(path)) };
    }),
  );
  const check = async (path: string) => {
    const { train } = await loadData(path, { maxBytes: MAX_BYTES });
    const { inputs, segments } = await train.examples([0]);
    if (segments !== undefined && segments.length !== inputs.length) throw new Error('segments of another length');
    return inputs;
  };
  return {
    ...hdf5Files(folder, valid, ['features', 'mask', 'split', 'train'], check),
    async readValid() {
      for (const { path } of valid)
        if (String(await check(path)) !== '0,1,2,3') throw new Error('a valid file is misread');
    },
  };
}

/** How damaged HDF5 files are made and read. `words` are names in them, damaged more often than other bytes. */
function hdf5Files(
  folder: string,
  valid: readonly { readonly bytes: Uint8Array }[],
  words: readonly string[],
  check: (path: string) => Promise<unknown>,
): Pick<FuzzKind, 'damaged' | 'read' | 'dispose'> {
  let written = 0;
  return {
    damaged: damaged(
      valid.map(({ bytes }) => bytes),
      ['OHDR', 'OCHK', 'TREE', 'SNOD', 'HEAP', 'FRHP', 'BTHD', ...words],
    ),
    async read(bytes) {
      // A new path each time: HDF5 identifies files by device and inode.
      const path = join(folder, `damaged-${written++}.h5`);
      writeFileSync(path, bytes);
      try {
        await check(path);
      } finally {
        unlinkSync(path);
      }
    },
    dispose: () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function scenesFile(): Promise<FuzzKind> {
  const folder = mkdtempSync(join(tmpdir(), 'taggerjs-fuzz-'));
  const valid = await Promise.all(
    (['efficient-morl', 'object-centric-library'] as const).map(async (layout) => {
      const path = join(folder, `valid-${layout}.h5`);
      await writeSceneFile(path, { layout, size: 12, rows: 4, columns: 6, objects: 3, compression: 'gzip' });
      return { path, bytes: new Uint8Array(readFileSync(path)) };
    }),
  );
  const check = async (path: string) => {
    const { train } = await loadData(path, { maxBytes: MAX_BYTES, maxObjects: 3, resize: [2, 3] });
    const { segments, background } = await train.examples([0]);
    if (segments !== undefined && segments.length !== background?.length) throw new Error('another number of segments');
  };
  return {
    ...hdf5Files(folder, valid, ['image', 'imgs', 'masks', 'mask', 'train', 'test'], check),
    async readValid() {
      for (const { path } of valid) await check(path);
    },
  };
}

/**
 * The reader of scenes without the HDF5 library, which needs a quarter of a second for each file: the bytes say what the library
 * might report of a file, and what its arrays contain.
 */
function scenes(): FuzzKind {
  // For each array: whether it is there, class and size of its type, rank, up to five lengths, how many values are missing.
  const bytesOf = (images: readonly number[], masks: readonly number[]) =>
    Uint8Array.of(...images, ...masks, ...Array.from({ length: 64 }, (_, i) => (i * 37) % 256));
  const valid = [
    bytesOf([1, 0, 1, 4, 3, 4, 6, 3, 0, 0], [1, 0, 1, 5, 3, 2, 4, 6, 1, 0]),
    bytesOf([1, 1, 4, 4, 2, 4, 4, 1, 0, 0], [1, 0, 1, 4, 2, 4, 4, 1, 0, 0]),
    bytesOf([1, 0, 1, 4, 3, 4, 6, 3, 0, 0], [0, 0, 1, 4, 3, 4, 6, 1, 0, 0]),
  ];
  const read = async (bytes: Uint8Array) => {
    const data = bytes.subarray(20);
    const arrays: Record<string, Hdf5Array | null> = {};
    const missing: Record<string, number> = {};
    ['image', 'mask'].forEach((name, i) => {
      const [there = 0, typeClass = 0, size = 0, rank = 0, ...rest] = bytes.subarray(10 * i, 10 * i + 10);
      missing[name] = rest[5] ?? 0;
      if (there === 0) return;
      const shape = rest.slice(0, Math.min(rank, 5));
      arrays[name] =
        there > 250 ? null : { shape, typeClass, size, signed: there % 2 === 0, variableLength: there === 249 };
    });
    const reading = {
      path: 'damaged',
      size: bytes.length,
      budget: { left: MAX_BYTES, maxBytes: MAX_BYTES },
      contents: { names: Object.keys(arrays), arrays },
      file: {
        rows(name: string, from: number, to: number) {
          const { shape, typeClass, size } = arrays[name]!;
          const length = Math.max(
            0,
            shape.slice(1).reduce((product, side) => product * side, to - from) - missing[name]!,
          );
          const values = Array.from({ length }, (_, at) => data[(from + at) % (data.length || 1)] ?? 0);
          if (typeClass !== 1) return Promise.resolve(Uint8Array.from(values));
          return Promise.resolve(size === 4 ? Float32Array.from(values) : Float64Array.from(values));
        },
        describe: () => Promise.reject(new Error('not used')),
        close: () => Promise.resolve(),
      },
    };
    const parts = scenesIn(reading);
    if (parts.length === 0) throw new DatasetError('UNSUPPORTED_FILE', 'no scenes');
    const found = await readScenes(reading, parts, { maxObjects: 255, resize: [3, 2] });
    checkArrays(found);
    const { train } = datasetsOf('damaged', found, { holdOut: { validation: 0.3, test: 0.3 } });
    const { inputs } = await train.examples([0]);
    if (!inputs.every(Number.isFinite)) throw new Error('inputs that are not finite');
  };
  // The HDF5 library, which finds invalid files, is left out.
  return {
    damaged: damaged(valid),
    read,
    readValid: readAll(valid.slice(0, 1), read),
    mostlyRefusedAs: 'INVALID_DATA',
  };
}

/** The formats by name. */
export const FUZZ_KINDS = { idx, npy, npz, png, hdf5, scenes, scenesFile };
