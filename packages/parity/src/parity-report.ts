import type { ErrorFigures } from './measure-error';
import type { CaseGroup, Tolerance } from './parity-case';

/** The result of a case on a backend. */
export interface CaseResult {
  /** Name of the case. */
  readonly case: string;
  /** Group of the case. */
  readonly group: CaseGroup;
  /** Kernel names of the operations that the case tests. */
  readonly operations: readonly string[];
  /** Name of the backend under test. */
  readonly backend: string;
  /** Whether its custom kernels were in use; `'none'` if it has none. */
  readonly kernels: 'on' | 'off' | 'none';
  /**
   * - `'agrees'`: every tensor is within its tolerance
   * - `'disagrees'`: a tensor is not, the backend threw an error, or tensors leaked
   * - `'cannot run'`: the case was not run, for the reason in `message`
   */
  readonly outcome: 'agrees' | 'disagrees' | 'cannot run';
  /** The worst value, relative to its tolerance. */
  readonly value?: ErrorFigures;
  /** The worst gradient, relative to its tolerance. */
  readonly gradient?: ErrorFigures;
  /** Kernel name of the operation at fault, if the case disagrees and a single operation is responsible. */
  readonly fault?: string;
  /** The failure, or the reason why the case was not run. */
  readonly message?: string;
  /** Further observations. They are not failures. */
  readonly notes?: readonly string[];
}

/** A backend in a report. */
export interface BackendResult {
  /** Name of the backend under test. */
  readonly name: string;
  /** Why it could not be set up, without a period at the end; absent if it was. */
  readonly unavailable?: string;
  /** Description of the backend with its kernels on. */
  readonly description?: string;
  /** Operations that its custom kernels compute. */
  readonly ownKernels?: readonly string[];
}

/** The report of a run of the suite. */
export interface ParityReport {
  /** Version of this format. */
  readonly version: 1;
  /** Date and time, ISO 8601. */
  readonly date: string;
  /** The machine: `node`, `system`, `processor`. */
  readonly machine: Readonly<Record<string, string>>;
  /** The requested backends, in order. */
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

/** Merges reports of different backends from one machine. */
export function joinReports(reports: readonly [ParityReport, ...ParityReport[]]): ParityReport {
  return {
    ...reports[0],
    backends: reports.flatMap(({ backends }) => backends),
    results: reports.flatMap(({ results }) => results),
    tolerances: Object.assign({}, ...reports.map(({ tolerances }) => tolerances)) as ParityReport['tolerances'],
  };
}
