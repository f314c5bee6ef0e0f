/** Groups of cases. */
export type CaseGroup =
  'operation' | 'noise' | 'ladder' | 'tagger' | 'training' | 'golden' | 'trap' | 'difference' | 'mapping';

/** The tolerance of a result: `|error| <= relative * max |expected| + absolute`, for every element. */
export interface Tolerance {
  /** Relative to the largest expected value of the tensor. */
  readonly relative: number;
  /** In the units of the tensor. */
  readonly absolute: number;
  /** Why the tolerance has this size. */
  readonly reason: string;
}

/** One tensor of a case: the backend's result and the reference. */
export interface Quantity {
  /** A label: `output 0`, `gradient of 'W_1'`. */
  readonly label: string;
  /** Whether it is a value or a gradient. */
  readonly kind: 'value' | 'gradient';
  /** Kernel name of the operation that computed it, if it was a single one. */
  readonly operation?: string;
  /** The backend's result. */
  readonly actual: ArrayLike<number>;
  /** The float64 reference. */
  readonly expected: ArrayLike<number>;
  /** The shapes, if they may differ. */
  readonly shapes?: { readonly actual: readonly number[]; readonly expected: readonly number[] };
  /** The tolerance of this tensor. @default the case's */
  readonly tolerance?: Tolerance;
}

/** The backend that a case runs on. */
export interface CaseContext {
  /** Name of the TensorFlow.js backend, which is the current one. */
  readonly backend: string;
  /** Whether the backend's own kernels of `@taggerjs/nn`'s operations are in use. */
  readonly kernels: 'on' | 'off';
}

/** The result of a case. */
export interface CaseOutcome {
  /** The tensors to compare. */
  readonly quantities: readonly Quantity[];
  /** Further observations. They are not failures. */
  readonly notes?: readonly string[];
}

/** One computation on which every backend must agree. */
export interface ParityCase {
  /** Unique among the cases. */
  readonly name: string;
  /** The case's group. */
  readonly group: CaseGroup;
  /** Kernel names of the operations that the case tests. */
  readonly operations: readonly string[];
  /** Tolerances of values and gradients. */
  readonly tolerance: { readonly value: Tolerance; readonly gradient: Tolerance };
  /** The reason why this backend cannot run the case; undefined if it can. */
  readonly cannotRun?: (context: CaseContext) => string | undefined;
  /** Runs the case on the current backend. Leaves no tensors behind. */
  run(context: CaseContext): Promise<CaseOutcome>;
}
