import { operationTable, type CaseResult, type OperationTable, type ParityReport } from '@taggerjs/parity';

/** The contents of docs/backends/parity.json. */
export type ParitySummary = ReturnType<typeof summarizeParity>;

/** Summarizes a parity report for docs/backends.md. */
export function summarizeParity(report: ParityReport) {
  const { results, backends, tolerances, date, machine } = report;
  const table = operationTable(report);
  const nameOf = ({ backend, kernels }: Pick<CaseResult, 'backend' | 'kernels'>) =>
    kernels === 'none' ? backend : `${backend}, kernels ${kernels}`;
  const columns = table.columns.map(nameOf);
  const inColumn = (column: string) => results.filter((result) => nameOf(result) === column);
  const largest = (some: readonly CaseResult[], kind: 'value' | 'gradient') => {
    const shares = some.flatMap((result) => result[kind]?.relative ?? []);
    return shares.length === 0 ? null : Math.max(...shares);
  };
  /** By column and group of cases: how many agree, and the largest relative errors. */
  const groups = [...new Set(results.map(({ group }) => group))].map((group) => ({
    group,
    cases: new Set(results.filter((result) => result.group === group).map((result) => result.case)).size,
    cells: columns.map((column) => {
      const some = inColumn(column).filter((result) => result.group === group);
      return {
        agree: some.filter(({ outcome }) => outcome === 'agrees').length,
        value: largest(some, 'value'),
        gradient: largest(some, 'gradient'),
      };
    }),
  }));
  const names = new Set(results.filter(({ group }) => group === 'difference').map((result) => result.case));
  return {
    date,
    machine,
    backends: backends.map(({ ownKernels = [], ...rest }) => ({ ...rest, ownKernels: ownKernels.length })),
    /** `wasm:2, kernels off` */
    columns,
    operations: table.rows as OperationTable['rows'],
    groups,
    /** Where backends differ: the largest relative error, and why the tolerance has its size. */
    differences: [...names].map((name) => ({
      name: name.replace('difference: ', ''),
      reason: tolerances[name]?.value.reason ?? '',
      cells: columns.map((column) => inColumn(column).find((result) => result.case === name)?.value?.relative ?? null),
    })),
    notes: results.flatMap((result) => (result.notes ?? []).map((note) => ({ column: nameOf(result), note }))),
  };
}
