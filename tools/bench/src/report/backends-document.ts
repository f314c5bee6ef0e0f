import { readFileSync } from 'node:fs';

import { docs, withGenerated } from './generated-document';
import { markdownTable } from './markdown-table';
import type { ParitySummary } from './summarize-parity';

/** The recorded summary of a parity report. */
export const RECORDED_PARITY = docs('backends/parity.json');

/** The text of docs/backends.md. */
export function backendsDocument(): Promise<string> {
  const summary = JSON.parse(readFileSync(RECORDED_PARITY, 'utf8')) as ParitySummary;
  return withGenerated('backends.md', backendsParts(summary));
}

const error = (value: number | null) => (value === null ? '–' : value === 0 ? '0' : value.toExponential(1));

/** Its generated parts. */
export function backendsParts(summary: ParitySummary) {
  const { date, machine, backends, columns, groups, operations, differences, notes } = summary;
  const cells = <T>(values: readonly T[], text: (value: T) => string) =>
    Object.fromEntries(columns.map((column, i) => [column, text(values[i] as T)]));
  const facts = Object.entries(machine).map(([name, value]) => `${name} ${value}`);
  const byNote = new Map<string, string[]>();
  for (const { column, note } of notes) byNote.set(note, [...(byNote.get(note) ?? []), column]);
  const noteLines = [...byNote].map(
    ([note, where]) => `- ${note}${where.length === columns.length ? '' : ` (${where.join('; ')})`}`,
  );
  return {
    backends:
      `\`tagger parity\`, ${date.slice(0, 10)}; ${facts.join(', ')}.\n\n` +
      markdownTable(
        backends.map(({ name, description = '', unavailable, ownKernels }) => ({
          backend: name,
          'what was set up': unavailable === undefined ? description : `not run: ${unavailable}`,
          'operations by own kernels': unavailable === undefined ? String(ownKernels) : '–',
        })),
      ),
    cases: markdownTable(
      groups.map(({ group, cases, cells: results }) => ({
        cases: group,
        number: String(cases),
        ...cells(results, ({ agree, value, gradient }) => `${agree}: ${error(value)}, ${error(gradient)}`),
      })),
    ),
    operations: markdownTable(
      operations.map(({ operation, cells: results }) => ({
        operation,
        ...cells(results, ({ outcome, relative, own }) =>
          outcome === 'agrees' ? error(relative) + (own ? ' \\*' : '') : outcome,
        ),
      })),
    ),
    differences: markdownTable(
      differences.map(({ name, reason, cells: results }) => ({ case: name, ...cells(results, error), why: reason })),
    ),
    notes: `${noteLines.join('\n')}\n`,
  };
}
