import type { ByRound } from '../median';

/** A cell of figures: `–`, `1.5`, `0.5 / 1.5 c`, `680 – 2000`, `50.0 (87 %)`. */
const FIGURES = /^(–|\d([\d., ()%/–]|e[+-])*( c)?)$/;

/** A table in Markdown; the keys of the first row are the headings. Columns of figures are right-aligned. */
export function markdownTable(rows: readonly Readonly<Record<string, string>>[]): string {
  const headings = Object.keys(rows[0] ?? {});
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const rule = headings.map((heading) => (rows.every((row) => FIGURES.test(row[heading] ?? '')) ? '--:' : '---'));
  return [line(headings), line(rule), ...rows.map((row) => line(Object.values(row)))].join('\n') + '\n';
}

/** Numbers for people: three significant digits, all digits before the point. */
export function figure(value: number | null | undefined): string {
  if (!Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value as number))));
  return (value as number).toFixed(Math.min(digits, 9));
}

/** A share as a whole number of percent. */
export function percent(share: number): string {
  return Number.isFinite(share) ? `${Math.round(100 * share)} %` : '–';
}

/** `680 – 2000` */
export function range(values: ByRound): string {
  const numbers = values.filter((value) => value !== null);
  return `${figure(Math.min(...numbers))} – ${figure(Math.max(...numbers))}`;
}
