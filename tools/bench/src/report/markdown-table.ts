/** A column: its heading, and whether its cells are numbers, which are right-aligned. */
export interface Column {
  readonly heading: string;
  readonly numeric?: boolean;
}

/** A table in Markdown, its columns aligned as Prettier aligns them. */
export function markdownTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const cells = rows.map((row) => columns.map((_, i) => (row[i] ?? '').replaceAll('|', '\\|')));
  const widths = columns.map(({ heading }, i) =>
    Math.max(3, length(heading), ...cells.map((row) => length(row[i] as string))),
  );
  const line = (row: readonly string[]) =>
    `| ${row
      .map((cell, i) => {
        const padding = ' '.repeat((widths[i] as number) - length(cell));
        return columns[i]?.numeric ? padding + cell : cell + padding;
      })
      .join(' | ')} |`;
  const rule = columns.map(({ numeric }, i) => {
    const dashes = '-'.repeat((widths[i] as number) - (numeric ? 1 : 0));
    return numeric ? `${dashes}:` : dashes;
  });
  return [line(columns.map(({ heading }) => heading)), line(rule), ...cells.map(line)].join('\n') + '\n';
}

/** Characters, not UTF-16 units. */
function length(text: string): number {
  return [...text].length;
}
