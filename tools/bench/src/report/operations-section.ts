import { median } from '../median';
import type { OperationsRun } from '../run';
import { markdownTable } from './markdown-table';
import { figure, present } from './numbers';

/** Operations: milliseconds forward, and forward with backward. */
export function operationsSection({ results, settings }: OperationsRun): string {
  const contestants = results[0]?.entries ?? [];
  const rows = results.map(({ operation, entries }) => [
    operation,
    ...entries.map(({ forward, both, servedBy }) => {
      const times = [forward, ...(both === null ? [] : [both])].map((values) => figure(median(present(values))));
      return times.join(' / ') + (servedBy === 'composed' ? ' c' : '');
    }),
  ]);
  const table = markdownTable(
    [
      { heading: 'operation' },
      ...contestants.map(({ name, threads }) => ({ heading: `${name}, ${threads}`, numeric: true })),
    ],
    rows,
  );
  const rowCount = settings.groups * settings.batch;
  return (
    `Milliseconds by variant and threads, for shapes [${rowCount}, ${settings.sizes[0]}], or [${settings.groups}, ` +
    `${settings.batch}, ${settings.sizes[0]}] with groups: forward / forward plus the gradients that a step needs. ` +
    `c: composed of TensorFlow.js operations.\n\n${table}`
  );
}
