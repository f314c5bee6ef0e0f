import type { Machine } from './machine';
import type { ProfileParts } from './profile-parts';
import type { StepSettings } from './step-settings';

/** The fields of every run. */
interface RunBase {
  /** ISO 8601. */
  readonly date: string;
  readonly machine: Machine;
  readonly settings: StepSettings;
  /** Rounds that counted; each asks every contestant once. */
  readonly rounds: number;
  /** Rounds before them. */
  readonly warmUp: number;
}

/** One contestant's steps. */
export interface StepResult {
  readonly name: string;
  readonly threads: number;
  readonly description: string;
  /** By round; null if it did not take part. */
  readonly milliseconds: readonly (number | null)[];
  /** Largest resident set of its process. */
  readonly peakRssMiB: number | null;
  /** Its WebAssembly heap at the end; null for peers. */
  readonly wasmHeapMiB: number | null;
}

export interface StepsRun extends RunBase {
  readonly command: 'steps';
  readonly results: readonly StepResult[];
}

export interface InferenceRun extends RunBase {
  readonly command: 'inference';
  readonly results: readonly StepResult[];
  /** Only reading the weights once for each iteration. */
  readonly bounds: readonly { readonly threads: number; readonly milliseconds: readonly (number | null)[] }[];
}

/** The axis that grows: groups, iterations, batch, or elements of an input. */
export type GrowthAxis = 'groups' | 'iterations' | 'batch' | 'inputSize';

export interface GrowthRun extends RunBase {
  readonly command: 'growth';
  readonly results: readonly (StepResult & { readonly axis: GrowthAxis; readonly value: number })[];
}

/** One contestant's matrix product. */
export interface ProductResult {
  readonly name: string;
  readonly threads: number;
  readonly milliseconds: readonly (number | null)[];
  /** GFLOP/s of multiply-adds on one core, measured next to each. */
  readonly limitGflops: readonly (number | null)[];
  /** Integer additions per nanosecond on one core, measured next to each; absent from older runs. */
  readonly additionsPerNanosecond?: readonly (number | null)[];
}

/** A product op(A) op(B): [M, K] times [K, N]. */
export interface Product {
  /** The weights, and the computation with them: `W_h, forward`. */
  readonly name: string;
  readonly M: number;
  readonly K: number;
  readonly N: number;
  /** For each factor, whether it is transposed (t) or not (n). */
  readonly transposes: 'nn' | 'nt' | 'tn' | 'tt';
}

export interface ProductsRun extends RunBase {
  readonly command: 'products';
  /** Whether the multiply-adds of the limit are fused. */
  readonly limitFused: boolean;
  readonly results: readonly (Product & { readonly entries: readonly ProductResult[] })[];
}

/** One contestant's operation. */
export interface OperationResult {
  readonly name: string;
  readonly threads: number;
  readonly servedBy: 'kernel' | 'composed';
  readonly forward: readonly (number | null)[];
  /** Forward and backward; null without gradients. */
  readonly both: readonly (number | null)[] | null;
}

export interface OperationsRun extends RunBase {
  readonly command: 'operations';
  readonly results: readonly { readonly operation: string; readonly entries: readonly OperationResult[] }[];
}

export interface ProfileRun extends RunBase {
  readonly command: 'profile';
  readonly results: readonly {
    readonly name: string;
    readonly threads: number;
    readonly description: string;
    /** By round. */
    readonly parts: readonly ProfileParts[];
    /** Medians over the rounds, the largest first. */
    readonly kernels: readonly { readonly name: string; readonly milliseconds: number; readonly calls: number }[];
  }[];
}

/** The measurements of a command, as in its file. */
export type Run = StepsRun | InferenceRun | GrowthRun | ProductsRun | OperationsRun | ProfileRun;
