import type { CaseResult, ParityReport } from '../parity-report';
import { columnsOf } from './operation-table';

/**
 * Renders a report for a terminal: a line for each backend, the disagreements, the cases that were not run, and the worst
 * errors by group.
 */
export function textReport(report: ParityReport): string {
  const { results, backends } = report;
  const lines: string[] = [];
  for (const { backend, kernels } of columnsOf(results)) {
    const own = results.filter((result) => result.backend === backend && result.kernels === kernels);
    const count = (outcome: CaseResult['outcome']) => own.filter((result) => result.outcome === outcome).length;
    const description = backends.find(({ name }) => name === backend)?.description ?? '';
    lines.push(
      `${columnName({ backend, kernels })}: ${count('agrees')} of ${own.length} cases agree, ${count('disagrees')} disagree, ` +
        `${count('cannot run')} cannot run (${description})`,
    );
    for (const group of new Set(own.map((result) => result.group))) {
      const ofGroup = own.filter((result) => result.group === group);
      const largest = (kind: 'value' | 'gradient') => {
        const shares = ofGroup.flatMap((result) => result[kind]?.relative ?? []);
        return shares.length === 0 ? '–' : Math.max(...shares).toExponential(1);
      };
      lines.push(
        `  ${group.padEnd(10)} ${String(ofGroup.length).padStart(4)} cases   ` +
          `largest relative error: values ${largest('value')}, gradients ${largest('gradient')}`,
      );
    }
  }
  for (const { name, unavailable } of backends) {
    if (unavailable !== undefined) lines.push(`${name}: not run: ${unavailable}.`);
  }
  const listed = (outcome: CaseResult['outcome'], title: string) => {
    const some = results.filter((result) => result.outcome === outcome);
    if (some.length > 0) lines.push('', title, ...some.map((result) => `  ${resultLine(result)}`));
  };
  listed('disagrees', 'Disagree:');
  listed('cannot run', 'Cannot run:');
  return lines.join('\n');
}

/** A result on one line: backend, case, the operation at fault, the wrong tensor and its error. */
export function resultLine(result: CaseResult): string {
  const wrong = [result.value, result.gradient].find((figures) => figures && !figures.agrees);
  const error = wrong
    ? wrong.absolute === null
      ? ' error not finite;'
      : ` error ${wrong.absolute.toExponential(2)}${wrong.relative === null ? '' : ` (${wrong.relative.toExponential(2)} of the largest)`};`
    : '';
  return (
    `${columnName(result)}: ${result.case}: ${result.fault === undefined ? '' : `at fault ${result.fault};`}` +
    `${error} ${result.message ?? ''}`
  );
}

/** `wasm:2`, `wasm:2, kernels off`. */
export function columnName({ backend, kernels }: Pick<CaseResult, 'backend' | 'kernels'>): string {
  return kernels === 'none' ? backend : `${backend}, kernels ${kernels}`;
}
