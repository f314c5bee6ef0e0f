/** What a case is about. */
export type CaseGroup =
  'operation' | 'noise' | 'ladder' | 'tagger' | 'training' | 'golden' | 'trap' | 'difference' | 'mapping';

/** How far a result may be from what is right: `|error| <= relative * max |expected| + absolute`, for every element. */
export interface Tolerance {
  /** As a share of the largest expected value of the tensor. */
  readonly relative: number;
  /** In the units of the tensor. */
  readonly absolute: number;
  /** Why it is as large as it is. */
  readonly reason: string;
}

/** One tensor of a case: what the backend gave, and what is right. */
export interface Quantity {
  /** What it is: `output 0`, `gradient of 'W_1'`. */
  readonly label: string;
  /** Whether it is a value or a gradient. */
  readonly kind: 'value' | 'gradient';
  /** The kernel name of the operation that made it, where one did. */
  readonly operation?: string;
  /** What came. */
  readonly actual: ArrayLike<number>;
  /** What is right, in float64. */
  readonly expected: ArrayLike<number>;
  /** The shapes, where they may differ. */
  readonly shapes?: { readonly actual: readonly number[]; readonly expected: readonly number[] };
  /** The tolerance of this tensor. @default the case's */
  readonly tolerance?: Tolerance;
}

/** What a case is told about the backend that it runs on. */
export interface CaseContext {
  /** Name of the TensorFlow.js backend, which is the current one. */
  readonly backend: string;
  /** Whether the backend's own kernels of `@taggerjs/nn`'s operations are in use. */
  readonly kernels: 'on' | 'off';
}

/** What a case found. */
export interface CaseOutcome {
  /** The tensors to compare. */
  readonly quantities: readonly Quantity[];
  /** What else is worth knowing; none of it is a failure. */
  readonly notes?: readonly string[];
}

/** One thing that every backend must do alike. */
export interface ParityCase {
  /** Unique among the cases. */
  readonly name: string;
  /** What it is about. */
  readonly group: CaseGroup;
  /** Kernel names of the operations that it is a case of. */
  readonly operations: readonly string[];
  /** How far values and gradients may be off. */
  readonly tolerance: { readonly value: Tolerance; readonly gradient: Tolerance };
  /** Why this backend cannot run it; undefined where it can. */
  readonly cannotRun?: (context: CaseContext) => string | undefined;
  /** Computes it on the current backend. Leaves no tensor behind. */
  run(context: CaseContext): Promise<CaseOutcome>;
}
