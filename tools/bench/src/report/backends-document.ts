import type { OperationTable } from '@taggerjs/parity';

import type { StepsRun } from '../run';
import { BACKENDS_TEXT } from './backends-text';
import { markdownTable } from './markdown-table';
import { renderRun } from './render-run';

/** The contents of `docs/backends/parity.json`: the summary of a parity report. */
export interface ParitySummary {
  readonly date: string;
  readonly machine: Readonly<Record<string, string>>;
  readonly backends: readonly {
    readonly name: string;
    readonly description?: string;
    readonly unavailable?: string;
    readonly howToGet?: string;
    readonly ownKernels: number;
  }[];
  /** Names of the columns: `wasm:2, kernels off`. */
  readonly columns: readonly string[];
  readonly operations: OperationTable['rows'];
  /** For each column and group of cases: the number of cases, how many agree, and the largest relative errors. */
  readonly groups: readonly {
    readonly group: string;
    readonly cases: number;
    readonly cells: readonly GroupCell[];
  }[];
  /** Where backends differ: for each case, its largest error relative to the largest value, and the tolerance. */
  readonly differences: readonly {
    readonly name: string;
    readonly reason: string;
    readonly cells: readonly (number | null)[];
  }[];
  /** Notes of all cases, by column. */
  readonly notes: readonly { readonly column: string; readonly note: string }[];
}

/** The results of a group of cases on a backend. */
interface GroupCell {
  readonly agree: number;
  readonly value: number | null;
  readonly gradient: number | null;
}

/** Generates `docs/backends.md` from the summary of a recorded parity report and of recorded step times. */
export function backendsDocument(summary: ParitySummary | undefined, steps: readonly StepsRun[]): string {
  const measured =
    summary === undefined
      ? '## Parity\n\nNo report is recorded yet: `npm run bench -- backends` makes one.\n'
      : [parity(summary), operations(summary), differences(summary)].join('\n');
  return `${BACKENDS_TEXT.before}\n${measured}\n${stepTimes(steps)}`;
}

function stepTimes(runs: readonly StepsRun[]): string {
  if (runs.length === 0) {
    return '## Step times\n\nNone are recorded yet. Measure them with `npm run bench -- backends`.\n';
  }
  const [{ machine, date }] = runs as [StepsRun];
  return `## Step times

Training steps (forward, backward, Adam) on all backends in turn, on one machine: ${machine.processor}, ${machine.cores} cores,
Node ${machine.versions['node']}, ${date.slice(0, 10)}. \`relaxed\` and \`composed\` are the backend \`wasm\` with and without its kernels. The peer
is eager PyTorch. See [performance](performance.md) for more.

${runs.map((run) => renderRun(run).replace(/^## A training step/, '### A training step')).join('\n')}`;
}

const figure = (value: number | null) => (value === null ? '–' : value === 0 ? '0' : value.toExponential(1));

function parity({ date, machine, backends, columns, groups }: ParitySummary): string {
  const facts = Object.entries(machine).map(([name, value]) => `${name} ${value}`);
  const backendRows = backends.map(({ name, description, unavailable, howToGet, ownKernels }) =>
    unavailable === undefined
      ? [name, description ?? '', String(ownKernels)]
      : [name, `not run: ${unavailable}. ${howToGet ?? ''}`.trim(), '–'],
  );
  const groupRows = groups.map(({ group, cases, cells }) => [
    group,
    String(cases),
    ...cells.map(({ agree, value, gradient }) => `${agree}: ${figure(value)}, ${figure(gradient)}`),
  ]);
  return `## Parity

\`tagger parity\`, ${date.slice(0, 10)}; ${facts.join(', ')}.

${markdownTable(
  [{ heading: 'backend' }, { heading: 'what was set up' }, { heading: 'operations by own kernels', numeric: true }],
  backendRows,
)}
For each group: the number of cases that agree with their float64 references within tolerance, and the largest errors of values
and of gradients, relative to the largest expected value of the tensor.

${markdownTable(
  [{ heading: 'cases' }, { heading: 'number', numeric: true }, ...columns.map((heading) => ({ heading }))],
  groupRows,
)}`;
}

function operations({ columns, operations: rows }: ParitySummary): string {
  return `### Operations

The largest error of each operation's values, or of the gradients that it computes, relative to the largest expected value. A
star marks a kernel of this project.

${markdownTable(
  [{ heading: 'operation' }, ...columns.map((heading) => ({ heading, numeric: true }))],
  rows.map(({ operation, cells }) => [
    operation,
    ...cells.map(({ outcome, relative, own }) =>
      outcome === 'agrees' ? `${figure(relative)}${own ? ' \\*' : ''}` : outcome,
    ),
  ]),
)}`;
}

function differences({ columns, differences: rows, notes }: ParitySummary): string {
  const byNote = new Map<string, string[]>();
  for (const { column, note } of notes) byNote.set(note, [...(byNote.get(note) ?? []), column]);
  return `### Where backends differ

Cases designed to show differences: errors relative to the largest value, and the reason for each tolerance.

${markdownTable(
  [{ heading: 'case' }, ...columns.map((heading) => ({ heading, numeric: true })), { heading: 'why' }],
  rows.map(({ name, reason, cells }) => [name, ...cells.map(figure), reason]),
)}
Notes from the cases. Where TensorFlow.js itself is wrong, the cases check that the operations of this project are right:

${[...byNote].map(([note, where]) => `- ${note}${where.length === columns.length ? '' : ` (${where.join('; ')})`}`).join('\n')}
`;
}
