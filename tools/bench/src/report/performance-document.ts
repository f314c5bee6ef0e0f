import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { machineText } from '../machine';
import type { Run } from '../measurements/measurement';
import { renderRun } from '../measurements/measurements';
import { docs, withGenerated } from './generated-document';
import { markdownTable } from './markdown-table';
import { targetsTable } from './targets';

/** The folder of the recorded runs. */
export const RECORDED = docs('performance');

/** The recorded runs, in the order of their file names. */
export function recordedRuns(): Run[] {
  const files = readdirSync(RECORDED).filter((name) => name.endsWith('.json'));
  return files.sort().map((name) => JSON.parse(readFileSync(join(RECORDED, name), 'utf8')) as Run);
}

/** The text of docs/performance.md. */
export function performanceDocument(): Promise<string> {
  return withGenerated('performance.md', performanceParts(recordedRuns()));
}

/** Its generated parts. */
export function performanceParts(runs: readonly Run[]) {
  return {
    machine: machineTable(runs),
    targets: targetsTable(runs),
    measurements: runs.map(renderRun).join('\n'),
  };
}

/** The machines of the runs: normally one. */
function machineTable(runs: readonly Run[]): string {
  const rows = runs.map(({ date, machine }) => ({
    date: date.slice(0, 10),
    machine: machineText(machine),
    versions: Object.entries(machine.versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', '),
  }));
  return markdownTable([...new Map(rows.map((row) => [Object.values(row).join(), row])).values()]);
}
