import { escapeUTF8 } from 'entities';

import type { CaseResult, ParityReport } from '../parity-report';
import { operationTable, type OperationCell } from './operation-table';
import { columnName } from './text-report';

const STYLE = `
:root { color-scheme: light dark; --ink: #1a1a1a; --paper: #fff; --line: #d8d8d8; --soft: #666; --good: #e4f3e6; --bad: #fbdcd9; --none: #f2f2f2; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8e8e8; --paper: #161616; --line: #3a3a3a; --soft: #a0a0a0; --good: #16301b; --bad: #4a1d1a; --none: #242424; }
}
body { margin: 2rem auto; max-width: 80rem; padding: 0 1rem; color: var(--ink); background: var(--paper); font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin-top: 2.2rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: 0.85rem; }
th, td { border: 1px solid var(--line); padding: 0.25rem 0.6rem; text-align: left; vertical-align: top; }
td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td.agrees { background: var(--good); } td.disagrees { background: var(--bad); font-weight: 600; } td.other { background: var(--none); color: var(--soft); }
.soft { color: var(--soft); } code { font-size: 0.95em; }
summary { cursor: pointer; }
`;

/** Renders a report as one self-contained HTML file, without scripts, in light and dark. */
export function htmlReport(report: ParityReport): string {
  const { results, backends, machine, date, tolerances } = report;
  const table = operationTable(report);
  const wrong = results.filter(({ outcome }) => outcome === 'disagrees');
  const verdict =
    wrong.length > 0
      ? `${wrong.length} of ${results.length} results disagree.`
      : `All ${results.filter(({ outcome }) => outcome === 'agrees').length} results agree with their float64 references.`;
  const heads = table.columns.map((column) => `<th>${escapeUTF8(columnName(column))}</th>`).join('');
  const operationRows = table.rows.map(
    ({ operation, cells }) => `<tr><th><code>${escapeUTF8(operation)}</code></th>${cells.map(cell).join('')}</tr>`,
  );
  const groups = [...new Set(results.map(({ group }) => group))];
  const byCase = new Map<string, CaseResult[]>();
  for (const result of results) byCase.set(result.case, [...(byCase.get(result.case) ?? []), result]);
  const caseTables = groups.map((group) => {
    const rows = [...byCase].filter(([, [one]]) => one?.group === group);
    const body = rows.map(([name, some]) => {
      const cells = table.columns.map(({ backend, kernels }) =>
        caseCell(some.find((result) => result.backend === backend && result.kernels === kernels)),
      );
      const tolerance = tolerances[name];
      const why = tolerance
        ? `values ${tolerance.value.relative} relative, ${tolerance.value.absolute} absolute: ${tolerance.value.reason}; ` +
          `gradients ${tolerance.gradient.relative}, ${tolerance.gradient.absolute}: ${tolerance.gradient.reason}`
        : '';
      return `<tr><th title="${escapeUTF8(why)}">${escapeUTF8(name)}</th>${cells.join('')}</tr>`;
    });
    return (
      `<details${group === 'operation' ? '' : ' open'}><summary>${escapeUTF8(group)}: ${rows.length} cases</summary>` +
      `<div class="wide"><table><tr><th>case</th>${heads}</tr>${body.join('\n')}</table></div></details>`
    );
  });
  const backendRows = backends.map(
    ({ name, description, unavailable, ownKernels }) =>
      `<tr><th>${escapeUTF8(name)}</th><td>${escapeUTF8(description ?? `not run: ${unavailable ?? ''}`)}</td>` +
      `<td>${ownKernels === undefined ? '–' : `${ownKernels.length} operations`}</td></tr>`,
  );
  const list = (some: readonly CaseResult[]) =>
    `<ul>${some
      .map(
        (result) =>
          `<li><b>${escapeUTF8(columnName(result))}</b>: ${escapeUTF8(result.case)}` +
          `${result.fault === undefined ? '' : `, at fault <code>${escapeUTF8(result.fault)}</code>`}: ${escapeUTF8(result.message ?? '')}</li>`,
      )
      .join('\n')}</ul>`;
  const unable = results.filter(({ outcome }) => outcome === 'cannot run');
  const notes = new Set(
    results.flatMap((result) => (result.notes ?? []).map((note) => `${columnName(result)}: ${note}`)),
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Parity of backends</title>
<style>${STYLE}</style>
</head>
<body>
<h1>Parity of backends</h1>
<p>${escapeUTF8(verdict)}</p>
<p class="soft">${escapeUTF8(date)}; ${escapeUTF8(
    Object.entries(machine)
      .map(([name, value]) => `${name} ${value}`)
      .join(', '),
  )}</p>
${wrong.length > 0 ? `<h2>What disagrees</h2>${list(wrong)}` : ''}
<h2>Backends</h2>
<div class="wide"><table><tr><th>backend</th><th>what</th><th>own kernels, or how to get it</th></tr>
${backendRows.join('\n')}</table></div>
<h2>Operations</h2>
<p>The largest error of values or gradients in the cases of each operation, as a share of the largest expected value. Where the
backend's own kernel computed it, it has a star.</p>
<div class="wide"><table><tr><th>operation</th>${heads}</tr>
${operationRows.join('\n')}</table></div>
<h2>Cases</h2>
<p>The largest absolute and relative error of values, then of gradients. What a case may be off, and why, shows when the
pointer rests on its name.</p>
${caseTables.join('\n')}
${unable.length > 0 ? `<h2>What could not be run</h2>${list(unable)}` : ''}
${notes.size > 0 ? `<h2>Worth knowing</h2><ul>${[...notes].map((note) => `<li>${escapeUTF8(note)}</li>`).join('\n')}</ul>` : ''}
</body>
</html>
`;
}

function cell({ outcome, relative, own, message }: OperationCell): string {
  const text = outcome === 'agrees' ? `${figure(relative)}${own ? ' *' : ''}` : outcome;
  const title = message === undefined ? '' : ` title="${escapeUTF8(message)}"`;
  return `<td class="number ${classOf(outcome)}"${title}>${escapeUTF8(text)}</td>`;
}

function caseCell(result: CaseResult | undefined): string {
  if (result === undefined) return '<td class="other">not run</td>';
  if (result.outcome === 'cannot run') return `<td class="other">${escapeUTF8(result.message ?? '')}</td>`;
  const lines = [result.value, result.gradient].flatMap((figures) =>
    figures ? [`${figure(figures.absolute)} / ${figure(figures.relative)}`] : [],
  );
  const title = [result.value, result.gradient].flatMap((figures) =>
    figures ? [`${figures.label}: ${figures.where}`] : [],
  );
  return (
    `<td class="number ${classOf(result.outcome)}" title="${escapeUTF8([result.message ?? '', ...title].join('\n').trim())}">` +
    `${lines.map(escapeUTF8).join('<br>') || escapeUTF8(result.outcome)}</td>`
  );
}

const figure = (value: number | null) => (value === null ? '–' : value === 0 ? '0' : value.toExponential(1));

const classOf = (outcome: OperationCell['outcome']) =>
  outcome === 'agrees' || outcome === 'disagrees' ? outcome : 'other';
