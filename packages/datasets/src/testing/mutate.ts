import type { Random } from '@taggerjs/random';

/** Numbers that break readers: limits of their types, in both byte orders. */
const NUMBERS = [
  [0, 0, 0, 0], [255, 255, 255, 255], [255, 255, 255, 127], [127, 255, 255, 255], [0, 0, 0, 128], [128, 0, 0, 0],
  [0, 1], [1, 0], [255, 255], [0, 0, 0, 0, 0, 0, 0, 0], [255, 255, 255, 255, 255, 255, 255, 255],
  [255, 255, 255, 255, 255, 255, 255, 127],
] as const; // prettier-ignore

/**
 * A damaged copy of a file: one to four times a bit or a byte is changed, a piece cut off, taken out, doubled, or put in
 * from `pieces` or the numbers above. Random numbers come from `random` alone.
 */
export function mutate(valid: Uint8Array, random: Random, pieces: readonly Uint8Array[] = []): Uint8Array {
  const drawn = random.fork('mutation').integers(64, { bound: 2 ** 32 });
  let used = 0;
  const pick = (bound: number) => drawn[used++]! % bound;
  const known = [...NUMBERS.map((bytes) => Uint8Array.from(bytes)), ...pieces];
  let bytes = Buffer.from(valid);
  for (let left = 1 + pick(4); left > 0 && bytes.length > 0; left--) {
    const at = pick(bytes.length);
    const piece = known[pick(known.length)]!;
    switch (pick(8)) {
      case 0:
      case 1:
        bytes[at]! ^= 1 << pick(8);
        break;
      case 2:
        bytes[at] = [0, 255, pick(256)][pick(3)]!;
        break;
      case 3:
        bytes = bytes.subarray(0, at);
        break;
      case 4:
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + pick(16))]);
        break;
      case 5:
        bytes = Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at)]);
        break;
      case 6:
        bytes = Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at + piece.length)]);
        break;
      default: {
        const end = at + 1 + pick(64);
        bytes = Buffer.concat([bytes.subarray(0, end), bytes.subarray(at)]);
      }
    }
  }
  return Uint8Array.from(bytes);
}
