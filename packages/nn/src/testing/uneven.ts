import { withNegativeNaN } from './negative-nan';

/** A tensor's shape and values. */
export interface Filling {
  /** Sizes of its axes. */
  readonly shape: readonly number[];
  /** Its values, row-major. */
  readonly data: number[];
}

/** An uneven filling between two values, so that no two elements, rows or groups are alike. */
export function uneven(
  shape: readonly number[],
  { seed = 0, from = -1, to = 1 }: { readonly seed?: number; readonly from?: number; readonly to?: number } = {},
): Filling {
  const size = shape.reduce((product, length) => product * length, 1);
  const data = Array.from({ length: size }, (_, i) => from + ((to - from) * (Math.sin(3.1 * i + 7 * seed) + 1)) / 2);
  return { shape, data };
}

/** Uneven zeros and ones. */
export function unevenBits(shape: readonly number[], seed = 0): Filling {
  const { data } = uneven(shape, { seed });
  return { shape, data: data.map((value) => (value > 0 ? 1 : 0)) };
}

/** Uneven assignments m, [K, B, N], summing to one over groups, and log m. `spread`: how far apart the logits are. */
export function unevenAssignments(
  shape: readonly [number, number, number],
  { seed = 3, spread = 3 }: { readonly seed?: number; readonly spread?: number } = {},
): { readonly m: Filling; readonly logM: Filling } {
  const [K, B, N] = shape;
  const logits = uneven(shape, { seed, from: -spread, to: spread }).data;
  const logM = logits.map((logit, index) => {
    const element = index % (B * N);
    const ofElement = Array.from({ length: K }, (_, k) => logits[k * B * N + element] as number);
    const largest = Math.max(...ofElement);
    return logit - largest - Math.log(ofElement.reduce((sum, value) => sum + Math.exp(value - largest), 0));
  });
  return { m: { shape, data: logM.map(Math.exp) }, logM: { shape, data: logM } };
}

/** Shapes [K, B, N] with 1 in different places. */
export const GROUP_SHAPES: readonly (readonly [number, number, number])[] = [
  [3, 2, 5],
  [4, 3, 1],
  [2, 1, 7],
  [1, 2, 3],
  [1, 1, 1],
];

/** Ways to make values with NaN: with its sign bit clear, and set, as that of 0 / 0 is on most machines. */
export const BOTH_NANS = [
  ['positive', (values: readonly number[]) => Float32Array.from(values)],
  ['negative', withNegativeNaN],
] as const;
