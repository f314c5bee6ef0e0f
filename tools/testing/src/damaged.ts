import * as fc from 'fast-check';

/** Integers at the limits of their types, in both byte orders. */
const NUMBERS = [
  [0, 0, 0, 0], [255, 255, 255, 255], [255, 255, 255, 127], [127, 255, 255, 255], [0, 0, 0, 128], [128, 0, 0, 0],
  [0, 1], [1, 0], [255, 255], [0, 0, 0, 0, 0, 0, 0, 0], [255, 255, 255, 255, 255, 255, 255, 255],
  [255, 255, 255, 255, 255, 255, 255, 127],
].map((bytes) => Buffer.from(bytes)); // prettier-ignore

type Edit = (bytes: Buffer) => Buffer;

/**
 * Damaged copies of files, for readers that must accept or refuse any bytes: one to four edits, each of which flips a bit,
 * sets a byte, or truncates, cuts out, repeats, inserts or overwrites bytes. Shrinks towards fewer edits near the start.
 *
 * @param valid the files to damage
 * @param pieces words of the format to insert, as Latin-1, in addition to integers at the limits of their types
 */
export function damaged(valid: readonly Uint8Array[], pieces: readonly string[] = []): fc.Arbitrary<Uint8Array> {
  const position = fc.nat({ max: 2 ** 30 });
  const byte = fc.nat({ max: 255 });
  const piece = fc.constantFrom(...NUMBERS, ...pieces.map((word) => Buffer.from(word, 'latin1')));
  const spliced =
    (removed: number, inserted: Uint8Array) =>
    (bytes: Buffer, at: number): Buffer =>
      Buffer.concat([bytes.subarray(0, at), inserted, bytes.subarray(at + removed)]);
  const change = fc.oneof(
    { weight: 2, arbitrary: fc.nat({ max: 7 }).map((bit) => withByte((old) => old ^ (1 << bit))) },
    { weight: 1, arbitrary: fc.oneof(fc.constantFrom(0, 255), byte).map((value) => withByte(() => value)) },
    { weight: 1, arbitrary: fc.constant((bytes: Buffer, at: number) => bytes.subarray(0, at)) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 16 }).map((length) => spliced(length, Buffer.alloc(0))) },
    { weight: 1, arbitrary: piece.map((word) => spliced(0, word)) },
    { weight: 1, arbitrary: piece.map((word) => spliced(word.length, word)) },
    {
      weight: 1,
      arbitrary: fc
        .integer({ min: 1, max: 64 })
        .map(
          (length) => (bytes: Buffer, at: number) =>
            Buffer.concat([bytes.subarray(0, at + length), bytes.subarray(at)]),
        ),
    },
  );
  const edit = fc.tuple(position, change).map(
    ([at, change]): Edit =>
      (bytes) =>
        bytes.length === 0 ? bytes : change(bytes, at % bytes.length),
  );
  return fc
    .tuple(fc.constantFrom(...valid), fc.array(edit, { minLength: 1, maxLength: 4, size: 'max' }))
    .map(([file, edits]) => Uint8Array.from(edits.reduce<Buffer>((bytes, edit) => edit(bytes), Buffer.from(file))));
}

function withByte(change: (old: number) => number): (bytes: Buffer, at: number) => Buffer {
  return (bytes, at) => {
    const copy = Buffer.from(bytes);
    copy[at] = change(copy[at]!);
    return copy;
  };
}
