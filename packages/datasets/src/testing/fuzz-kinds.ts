import { mkdtempSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zlibSync } from 'fflate';

import { encodeNpy, encodeNpz, type NamedTensor } from '@taggerjs/weights';
import type { Random } from '@taggerjs/random';
import { encode } from 'fast-png';

import { datasetsOf } from '../files/datasets-of-arrays';
import { decodeIdx } from '../files/decode-idx';
import { decodePng } from '../files/decode-png';
import type { OpenFile } from '../files/file-source';
import { loadData } from '../files/load-data';
import { readNpyArrays, readNpzArrays } from '../files/read-npz';
import { fuelSplits, writeFuelFile } from './fuel-file';
import { mutate } from './mutate';

/** A kind of files to damage. */
export interface FuzzKind {
  /** A damaged file: the same for the same random numbers. */
  mutant(random: Random): Uint8Array;
  /** Reads it, and throws where what was read is not sound. */
  read(bytes: Uint8Array): Promise<void>;
  /** Reads files that are sound, to see that reading damaged ones has left nothing behind. */
  readValid(): Promise<void>;
  dispose(): void;
}

/** Most bytes that the data of a damaged file may take. */
const MAX_BYTES = 2 ** 24;

const ascii = (...words: string[]) => words.map((word) => Uint8Array.from(Buffer.from(word, 'latin1')));

function checkTensor({ shape, data }: NamedTensor): void {
  if (data.length !== shape.reduce((product, size) => product * size, 1)) throw new Error('wrong number of elements');
  if (data.byteLength > MAX_BYTES) throw new Error('more memory than allowed');
}

/** Of several, the one that the random numbers say. */
function choose<Item>(random: Random, items: readonly Item[]): Item {
  return items[random.fork('choice').integers(1, { bound: items.length })[0]!]!;
}

function inMemory(bytes: Uint8Array): OpenFile {
  return {
    path: 'mutant',
    size: bytes.length,
    read: (offset, length) => Promise.resolve(bytes.slice(offset, offset + length)),
    async *chunks() {
      for (let at = 0; at < bytes.length; at += 1000) yield bytes.slice(at, at + 1000);
    },
  };
}

function idx(): FuzzKind {
  const plain = [
    Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 4, 0, 0, 0, 2, 0, 0, 0, 3, ...Array(24).keys()),
    Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 5, 1, 2, 3, 4, 5),
    Uint8Array.of(0, 0, 0x0d, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0x3f, 0x80, 0, 0, 0, 0, 0, 0),
    Uint8Array.of(0, 0, 0x0e, 1, 0, 0, 0, 1, 0x3f, 0xf0, 0, 0, 0, 0, 0, 0),
  ];
  const read = async (bytes: Uint8Array) => checkTensor(await decodeIdx(bytes, { maxBytes: MAX_BYTES }));
  return {
    mutant(random) {
      const file = choose(random, plain);
      // Plain; packed and then damaged; damaged and then packed.
      const how = random.fork('how').integers(1, { bound: 4 })[0]!;
      if (how === 0) return mutate(gzipSync(file, { mtime: 0 }), random);
      const mutant = mutate(file, random);
      return how === 1 ? gzipSync(mutant, { mtime: 0 }) : mutant;
    },
    read,
    readValid: async () => {
      for (const file of plain) await read(file);
    },
    dispose: () => undefined,
  };
}

const NPY = [
  encodeNpy({ dtype: 'F32', shape: [4, 3], data: Float32Array.from({ length: 12 }, (_, i) => i) }),
  encodeNpy({ dtype: 'BOOL', shape: [6, 1], data: Uint8Array.of(0, 1, 1, 0, 1, 0) }),
  encodeNpy({ dtype: 'I64', shape: [3, 2], data: BigInt64Array.of(1n, 2n, 3n, 4n, 5n, 6n) }),
];
const NPY_PIECES = ascii("'<f4'", "'>f8'", "'|O'", "'shape'", "'descr'", 'True', '(', ')', ',', '{', '}', '-1', '9'.repeat(20), '1e9', '3L'); // prettier-ignore

async function checkNumpy(arrays: Awaited<ReturnType<typeof readNpyArrays>>): Promise<void> {
  for (const part of Object.values(arrays)) for (const tensor of Object.values(part)) checkTensor(tensor);
  const { train } = datasetsOf('mutant', arrays, {});
  const { inputs } = await train.examples([0]);
  if (!inputs.every(Number.isFinite)) throw new Error('inputs that are not finite');
}

function npy(): FuzzKind {
  const read = async (bytes: Uint8Array) => checkNumpy(await readNpyArrays(inMemory(bytes), MAX_BYTES));
  return {
    mutant: (random) => mutate(choose(random, NPY), random, NPY_PIECES),
    read,
    readValid: async () => {
      for (const file of NPY) await read(file);
    },
    dispose: () => undefined,
  };
}

async function npz(): Promise<FuzzKind> {
  const [numbers, , whole] = NPY.map((file) => file);
  const arrays: [string, NamedTensor][] = [
    ['inputs', { dtype: 'F32', shape: [20, 3], data: new Float32Array(60) }],
    ['segments', { dtype: 'U8', shape: [20, 3], data: new Uint8Array(60) }],
    ['labels', { dtype: 'U8', shape: [20], data: new Uint8Array(20) }],
  ];
  const archive = async (compress: boolean) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of encodeNpz(arrays, { compress })) chunks.push(chunk);
    return new Uint8Array(Buffer.concat(chunks));
  };
  const valid = [await archive(false), await archive(true)];
  const read = async (bytes: Uint8Array) => checkNumpy(await readNpzArrays(inMemory(bytes), MAX_BYTES));
  const pieces = [...NPY_PIECES, ...ascii('PK\x01\x02', 'PK\x03\x04', 'PK\x05\x06', '.npy', 'inputs.npy')];
  return {
    mutant(random) {
      if (random.fork('how').integers(1, { bound: 2 })[0] === 0) return mutate(choose(random, valid), random, pieces);
      // Arrays that are damaged, in an archive that is sound.
      const entry = mutate(choose(random, [numbers!, whole!]), random, NPY_PIECES);
      return storedZip('inputs.npy', entry);
    },
    read,
    readValid: async () => {
      for (const file of valid) await read(file);
    },
    dispose: () => undefined,
  };
}

const u16 = (value: number) => [value & 255, value >>> 8];
const u32 = (value: number) => [...u16(value & 0xffff), ...u16(value >>> 16)];
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}

/** A sound archive of one entry, not packed. */
function storedZip(name: string, body: Uint8Array): Uint8Array {
  const letters = [...Buffer.from(name, 'latin1')];
  const common = [
    ...u16(20), ...u16(0), ...u16(0), ...u32(0), ...u32(crc32(body)), ...u32(body.length), ...u32(body.length),
    ...u16(letters.length), ...u16(0),
  ]; // prettier-ignore
  const local = [0x50, 0x4b, 3, 4, ...common, ...letters];
  const central = [0x50, 0x4b, 1, 2, ...u16(20), ...common, ...u16(0), ...u16(0), ...u16(0), ...u32(0), ...u32(0), ...letters]; // prettier-ignore
  const end = [0x50, 0x4b, 5, 6, ...u32(0), ...u16(1), ...u16(1), ...u32(central.length), ...u32(local.length + body.length), ...u16(0)]; // prettier-ignore
  return Uint8Array.of(...local, ...body, ...central, ...end);
}

function png(): FuzzKind {
  const grey = Uint8Array.from({ length: 48 }, (_, i) => i * 5);
  const valid = [
    encode({ width: 8, height: 6, channels: 1, depth: 8, data: grey }),
    encode({ width: 4, height: 4, channels: 3, depth: 8, data: grey }),
    encode({ width: 3, height: 2, channels: 1, depth: 16, data: Uint16Array.of(1, 2, 3, 4, 5, 65535) }),
    ...['bits.png', 'palette-4.png'].map((name) => readFileSync(new URL(`../../fixtures/${name}`, import.meta.url))),
  ].map((file) => Uint8Array.from(file));
  const pieces = ascii('IHDR', 'IDAT', 'IEND', 'PLTE', 'tRNS', 'iCCP', 'acTL');
  const read = async (bytes: Uint8Array) => {
    const { height, width, values } = await decodePng(bytes, { maxBytes: MAX_BYTES });
    if (values.length !== height * width || !values.every((value) => value >= 0 && value <= 1))
      throw new Error('values that are none');
  };
  return {
    mutant(random) {
      const file = choose(random, valid);
      const how = random.fork('how').integers(1, { bound: 3 })[0]!;
      if (how === 0) return mutate(file, random, pieces);
      // With checksums that are right, so that what lies behind them is reached.
      if (how === 1) return rechecked(mutate(file, random, pieces));
      const rows = mutate(
        Uint8Array.from({ length: 54 }, (_, i) => (i % 9 === 0 ? (i / 9) % 5 : i)),
        random,
      );
      const header = file.subarray(0, 33);
      return rechecked(Uint8Array.of(...header, ...chunk('IDAT', zlibSync(rows)), ...chunk('IEND', new Uint8Array(0))));
    },
    read,
    readValid: async () => {
      for (const file of valid) await read(file);
    },
    dispose: () => undefined,
  };
}

const bigEndian = (value: number) => u32(value).reverse();
function chunk(type: string, data: Uint8Array): number[] {
  return [...bigEndian(data.length), ...Buffer.from(type, 'latin1'), ...data, 0, 0, 0, 0];
}

/** The checksums of the chunks set right, as far as there are chunks. */
function rechecked(bytes: Uint8Array): Uint8Array {
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
  let written = 0;
  const pieces = ascii('OHDR', 'OCHK', 'TREE', 'SNOD', 'HEAP', 'FRHP', 'BTHD', 'features', 'mask', 'split', 'train');
  return {
    mutant: (random) => mutate(choose(random, valid).bytes, random, pieces),
    async read(bytes) {
      // A file of its own each time: HDF5 takes a file that it knows, by its place on the disk, for the same one.
      const path = join(folder, `mutant-${written++}.h5`);
      writeFileSync(path, bytes);
      try {
        await check(path);
      } finally {
        unlinkSync(path);
      }
    },
    async readValid() {
      for (const { path } of valid)
        if (String(await check(path)) !== '0,1,2,3') throw new Error('a sound file is not read right any more');
    },
    dispose: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** The kinds of files by name. */
export const FUZZ_KINDS: Readonly<Record<string, () => FuzzKind | Promise<FuzzKind>>> = { idx, npy, npz, png, hdf5 };
