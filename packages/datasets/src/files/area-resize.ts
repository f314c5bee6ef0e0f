/** A part of an image: the first row and column, and how many. */
export type Crop = readonly [top: number, left: number, rows: number, columns: number];

/** The source indices that an output index covers, and the share of each; the shares sum to 1. */
type Shares = readonly (readonly [index: number, share: number])[];

/** Shrinks or enlarges images and segments of one size by area. */
export interface AreaResize {
  /** Means over the area of each output pixel: [rows, columns, channels] -> [outRows, outColumns, channels]. */
  image(source: ArrayLike<number>, start: number, channels: number, target: Uint8Array | Float32Array): void;
  /** The segment that covers most of each output pixel, of equal ones the smallest: [rows, columns] -> [outRows, outColumns]. */
  segments(source: Uint8Array, target: Uint8Array): void;
}

/**
 * Creates a resizer from a part of an image of `columns` columns to `to` [rows, columns]. Values of bytes are rounded.
 *
 * @param crop the part, within the image
 */
export function areaResize(columns: number, crop: Crop, to: readonly [rows: number, columns: number]): AreaResize {
  const rowShares = sharesOf(crop[0], crop[2], to[0]);
  const columnShares = sharesOf(crop[1], crop[3], to[1]);
  return {
    image(source, start, channels, target) {
      const round = target.constructor.name === 'Float32Array' ? (value: number) => value : Math.round;
      let at = 0;
      for (const rows of rowShares)
        for (const across of columnShares)
          for (let channel = 0; channel < channels; channel++) {
            let sum = 0;
            for (const [row, height] of rows)
              for (const [column, width] of across)
                sum += height * width * source[start + (row * columns + column) * channels + channel]!;
            target[at++] = round(sum);
          }
    },
    segments(source, target) {
      const areas = new Float64Array(256);
      let at = 0;
      for (const rows of rowShares)
        for (const across of columnShares) {
          areas.fill(0);
          for (const [row, height] of rows)
            for (const [column, width] of across) areas[source[row * columns + column]!]! += height * width;
          let largest = 0;
          // Rounding must not decide between equal areas.
          for (let segment = 1; segment < 256; segment++)
            if (areas[segment]! > areas[largest]! + 1e-9) largest = segment;
          target[at++] = largest;
        }
    },
  };
}

/** Divides `length` source pixels from `first` on into `parts` equal parts. */
function sharesOf(first: number, length: number, parts: number): readonly Shares[] {
  const width = length / parts;
  return Array.from({ length: parts }, (_, part) => {
    const [from, to] = [part * width, (part + 1) * width];
    const shares: [number, number][] = [];
    for (let index = Math.floor(from); index < Math.min(length, to - 1e-9); index++) {
      const share = (Math.min(index + 1, to) - Math.max(index, from)) / width;
      if (share > 1e-9) shares.push([first + index, share]);
    }
    return shares;
  });
}
