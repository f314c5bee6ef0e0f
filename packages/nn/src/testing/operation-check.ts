/** A float64 tensor, row-major, as references use it. */
export interface ReferenceTensor {
  /** The size of each axis; `[]` for a scalar. */
  readonly shape: readonly number[];
  /** The elements, row-major. */
  readonly data: Float64Array;
}

/** The inputs of a reference, by name. */
export type References = Readonly<Record<string, ReferenceTensor>>;

/** One case of an operation and its reference. */
export interface OperationCheck<Attributes> {
  /** The inputs; they are rounded to float32 first, so that both sides see the same numbers. */
  readonly inputs: Readonly<Record<string, { readonly shape: readonly number[]; readonly data: ArrayLike<number> }>>;
  /** The attributes of the call. */
  readonly attributes: Attributes;
  /** The operation in float64, in plain loops: an independent statement of the formula. */
  readonly reference: (
    inputs: Readonly<Record<string, ReferenceTensor>>,
    attributes: Attributes,
  ) => readonly ReferenceTensor[];
  /** Inputs that have no gradient. */
  readonly constants?: readonly string[];
  /** Largest error of a value, as a share of the largest value, on top of 1e-6. @default 1e-5 */
  readonly valueTolerance?: number;
  /** The same for gradients. @default 1e-4 */
  readonly gradientTolerance?: number;
}
