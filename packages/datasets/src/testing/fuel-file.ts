import h5wasm from 'h5wasm/node';
import type { Dtype } from 'h5wasm';

/** An array of a file. */
export interface FuelArray {
  readonly name: string;
  readonly data: Float32Array | Uint8Array | string[];
  readonly shape: readonly number[];
  readonly compression?: 'gzip' | undefined;
}

/** The table that Fuel writes as the attribute `split`. */
export interface FuelSplits {
  readonly data: Map<string, unknown>;
  readonly shape: readonly number[];
  readonly types: readonly (readonly [string, string])[];
}

/** Types of its columns: names and what they are of, first and last example, whether they are there, a comment. */
export const FUEL_TYPES = [
  ['split', 'S6'],
  ['source', 'S8'],
  ['start', '<q'],
  ['stop', '<q'],
  ['available', '<b'],
  ['comment', 'S1'],
] as const;

/** The table for parts of all arrays. */
export function fuelSplits(
  sources: readonly string[],
  parts: readonly (readonly [string, number, number])[],
): FuelSplits {
  const rows = parts.flatMap(([split, from, to]) => sources.map((source) => ({ split, source, from, to })));
  return {
    data: new Map<string, unknown>([
      ['split', rows.map(({ split }) => split)],
      ['source', rows.map(({ source }) => source)],
      ['start', BigInt64Array.from(rows, ({ from }) => BigInt(from))],
      ['stop', BigInt64Array.from(rows, ({ to }) => BigInt(to))],
      ['available', Int8Array.from(rows, () => 1)],
      ['comment', rows.map(() => '.')],
    ]),
    shape: [rows.length],
    types: FUEL_TYPES,
  };
}

/** Writes an HDF5 file in the layout of Fuel, as the original project did. */
export async function writeFuelFile(
  path: string,
  { arrays, splits }: { readonly arrays: readonly FuelArray[]; readonly splits?: FuelSplits },
): Promise<void> {
  await h5wasm.ready;
  const file = new h5wasm.File(path, 'w');
  for (const { name, data, shape, compression } of arrays)
    file.create_dataset({
      name,
      data,
      shape: [...shape],
      ...(compression && { compression, chunks: [Math.min(10, shape[0]!), ...shape.slice(1)] }),
    });
  if (splits !== undefined)
    file.create_attribute('split', splits.data, [...splits.shape], splits.types as unknown as Dtype);
  file.flush();
  file.close();
}
