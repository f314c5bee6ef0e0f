import { nnOperations } from '../nn-operations';
import type { CaseResult, ParityReport } from '../parity-report';

/** Backends x operations: the largest relative error in the cases of each operation. */
export interface OperationTable {
  /** Each column: a backend with its kernels `on`, `off`, or `none` if it has none. */
  readonly columns: readonly { readonly backend: string; readonly kernels: CaseResult['kernels'] }[];
  /** Each row: an operation's kernel name, and its result for each column. */
  readonly rows: readonly { readonly operation: string; readonly cells: readonly OperationCell[] }[];
}

/** The result of an operation on a backend. */
export interface OperationCell {
  /** `'no case'` if none was run. */
  readonly outcome: CaseResult['outcome'] | 'no case';
  /** Largest relative error of a value or gradient; null if there is none. */
  readonly relative: number | null;
  /** Whether a custom kernel computed it. */
  readonly own: boolean;
  /** The failure, or the reason why the cases were not run. */
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

/** The backends with kernels on and off, in the order of the results. */
export function columnsOf(results: readonly CaseResult[]): OperationTable['columns'] {
  const columns = new Map<string, OperationTable['columns'][number]>();
  for (const { backend, kernels } of results) columns.set(`${backend} ${kernels}`, { backend, kernels });
  return [...columns.values()];
}

function cellOf(operation: string, results: readonly CaseResult[], own: boolean): OperationCell {
  if (results.length === 0) return { outcome: 'no case', relative: null, own };
  // A case that fails because of another operation says nothing about this one.
  const wrong = results.find(
    ({ outcome, fault }) => outcome === 'disagrees' && (fault === undefined || fault === operation),
  );
  const unable = results.find(({ outcome }) => outcome === 'cannot run');
  const shares = results
    // In each case the operation comes first and its gradient operation second.
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
