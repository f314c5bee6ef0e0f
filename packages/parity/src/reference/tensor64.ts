import { references, type ReferenceTensor } from '@taggerjs/nn/testing';
import type { Norm } from '@taggerjs/nn';

/** Tensors in float64, by name. */
export type Tensors64 = Readonly<Record<string, ReferenceTensor>>;

/** A tensor in float64. */
export function tensor64(shape: readonly number[], data: ArrayLike<number>): ReferenceTensor {
  return { shape, data: Float64Array.from(data) };
}

/** The same values under another shape. */
export function reshape64({ data }: ReferenceTensor, shape: readonly number[]): ReferenceTensor {
  return { shape, data };
}

/** The product of two matrices. */
export function matMul64(a: ReferenceTensor, b: ReferenceTensor): ReferenceTensor {
  return first(references.matMul({ a, b }, { transposeA: false, transposeB: false }));
}

/** The parameters applied after a normalization. */
interface Scaling64 {
  readonly gain?: ReferenceTensor;
  readonly bias?: ReferenceTensor;
  readonly activation?: 'none' | 'relu';
}

/** Normalization by the statistics at hand, with what follows it. */
export function normalize64(x: ReferenceTensor, norm: Norm, scaling: Scaling64 = {}): ReferenceTensor {
  return first(normalizeReference(x, norm, scaling));
}

/** Normalization alone, with the statistics that it takes. */
export function standardize64(
  x: ReferenceTensor,
  norm: Norm,
): { readonly output: ReferenceTensor; readonly mean: ReferenceTensor; readonly inverseStd: ReferenceTensor } {
  const [output, mean, inverseStd] = normalizeReference(x, norm) as [ReferenceTensor, ReferenceTensor, ReferenceTensor];
  return { output, mean, inverseStd };
}

function normalizeReference(
  x: ReferenceTensor,
  norm: Norm,
  { gain, bias, activation = 'none' }: Scaling64 = {},
): readonly ReferenceTensor[] {
  return references.normalize(
    { x, gain: gain ?? tensor64([], [1]), bias: bias ?? tensor64([], [0]) },
    {
      norm,
      epsilon: norm === 'layer' ? 1e-8 : 1e-10,
      activation,
      hasGain: gain !== undefined,
      hasBias: bias !== undefined,
    },
  );
}

/** Returns a tensor of a list, which must have it. */
export function first([tensor]: readonly ReferenceTensor[]): ReferenceTensor {
  if (tensor === undefined) throw new Error('a reference without an output');
  return tensor;
}

/** Returns the tensor with a name, which must exist. */
export function named(tensors: Tensors64, name: string): ReferenceTensor {
  const tensor = tensors[name];
  if (tensor === undefined) throw new Error(`the reference has no tensor '${name}'`);
  return tensor;
}
