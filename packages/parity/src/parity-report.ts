import type { ErrorFigures } from './measure-error';
import type { CaseGroup, Tolerance } from './parity-case';

/** How a case went on a backend. */
export interface CaseResult {
  /** Name of the case. */
  readonly case: string;
  /** What it is about. */
  readonly group: CaseGroup;
  /** Kernel names of the operations that it is a case of. */
  readonly operations: readonly string[];
  /** Name of the backend under test. */
  readonly backend: string;
  /** Whether its own kernels were in use; `'none'` where it has none. */
  readonly kernels: 'on' | 'off' | 'none';
  /**
   * - `'agrees'`: every tensor is within its tolerance
   * - `'disagrees'`: one is not, or the backend threw an error, or tensors leaked
   * - `'cannot run'`: it was not run, for the reason in `message`
   */
  readonly outcome: 'agrees' | 'disagrees' | 'cannot run';
  /** The worst value, measured by how much of its tolerance it takes. */
  readonly value?: ErrorFigures;
  /** The worst gradient, likewise. */
  readonly gradient?: ErrorFigures;
  /** The kernel name of the operation at fault, where it disagrees and one operation can be named. */
  readonly fault?: string;
  /** What went wrong, or why it was not run. */
  readonly message?: string;
  /** What else is worth knowing; no failure. */
  readonly notes?: readonly string[];
}

/** How a backend did. */
export interface BackendResult {
  /** Name of the backend under test. */
  readonly name: string;
  /** Why it could not be set up, without a period at the end; absent if it was. */
  readonly unavailable?: string;
  /** What was set up, with its kernels on. */
  readonly description?: string;
  /** Operations that it computes by kernels of its own. */
  readonly ownKernels?: readonly string[];
}

/** What the suite found. */
export interface ParityReport {
  /** Version of this format. */
  readonly version: 1;
  /** When it was made, ISO 8601. */
  readonly date: string;
  /** Where it was made, by name: `node`, `system`, `processor`. */
  readonly machine: Readonly<Record<string, string>>;
  /** The backends asked for, in order. */
  readonly backends: readonly BackendResult[];
  /** Every case on every backend. */
  readonly results: readonly CaseResult[];
  /** The tolerances of the cases, by name. */
  readonly tolerances: Readonly<Record<string, { readonly value: Tolerance; readonly gradient: Tolerance }>>;
}

/** The results that disagree. */
export function disagreements({ results }: ParityReport): CaseResult[] {
  return results.filter(({ outcome }) => outcome === 'disagrees');
}

/** One report of several, made on one machine, each of other backends. */
export function joinReports(reports: readonly [ParityReport, ...ParityReport[]]): ParityReport {
  return {
    ...reports[0],
    backends: reports.flatMap(({ backends }) => backends),
    results: reports.flatMap(({ results }) => results),
    tolerances: Object.assign({}, ...reports.map(({ tolerances }) => tolerances)) as ParityReport['tolerances'],
  };
}
