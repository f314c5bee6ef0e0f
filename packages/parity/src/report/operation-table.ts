import { nnOperations } from '../nn-operations';
import type { CaseResult, ParityReport } from '../parity-report';

/** Backends x operations: the largest relative error in the cases of each operation. */
export interface OperationTable {
  /** Each column: a backend with its kernels `on`, `off`, or `none` where it has none of its own. */
  readonly columns: readonly { readonly backend: string; readonly kernels: CaseResult['kernels'] }[];
  /** Each row: an operation's kernel name, and for each column how it did. */
  readonly rows: readonly { readonly operation: string; readonly cells: readonly OperationCell[] }[];
}

/** How an operation did on a backend. */
export interface OperationCell {
  /** `'no case'` where none was run. */
  readonly outcome: CaseResult['outcome'] | 'no case';
  /** Largest error of a value or gradient as a share of the largest expected; null where there is none. */
  readonly relative: number | null;
  /** Whether the backend's own kernel computed it. */
  readonly own: boolean;
  /** What went wrong, or why it was not run. */
  readonly message?: string;
}

/** The table of a report. */
export function operationTable({ backends, results }: ParityReport): OperationTable {
  const columns = columnsOf(results);
  const rows = nnOperations().map(({ kernelName }) => ({
    operation: kernelName,
    cells: columns.map(({ backend, kernels }) => {
      const ofCell = results.filter(
        (result) =>
          result.group === 'operation' &&
          result.backend === backend &&
          result.kernels === kernels &&
          result.operations.includes(kernelName),
      );
      const own =
        kernels === 'on' && (backends.find(({ name }) => name === backend)?.ownKernels ?? []).includes(kernelName);
      return cellOf(kernelName, ofCell, own);
    }),
  }));
  return { columns, rows };
}

/** The backends with kernels on and off, as they come in the results. */
export function columnsOf(results: readonly CaseResult[]): OperationTable['columns'] {
  const columns = new Map<string, OperationTable['columns'][number]>();
  for (const { backend, kernels } of results) columns.set(`${backend} ${kernels}`, { backend, kernels });
  return [...columns.values()];
}

function cellOf(operation: string, results: readonly CaseResult[], own: boolean): OperationCell {
  if (results.length === 0) return { outcome: 'no case', relative: null, own };
  // A case whose fault is another operation says nothing of this one.
  const wrong = results.find(
    ({ outcome, fault }) => outcome === 'disagrees' && (fault === undefined || fault === operation),
  );
  const unable = results.find(({ outcome }) => outcome === 'cannot run');
  const shares = results
    // The gradient's operation is the second of its cases, the operation itself the first.
    .flatMap(({ operations, value, gradient }) =>
      operations[0] === operation ? [value, ...(operations.length === 1 ? [gradient] : [])] : [gradient],
    )
    .map((figures) => figures?.relative)
    .filter((relative): relative is number => typeof relative === 'number');
  const message = wrong?.message ?? unable?.message;
  return {
    outcome: wrong?.outcome ?? (results.every((result) => result === unable) ? 'cannot run' : 'agrees'),
    relative: shares.length === 0 ? null : Math.max(...shares),
    own,
    ...(message !== undefined && { message }),
  };
}
