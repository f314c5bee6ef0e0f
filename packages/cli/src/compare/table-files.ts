import { writeFileAtomic } from '@taggerjs/weights/node';

import { fixed } from '../scores/fixed';
import { GROUPING_MEASURES } from '../scores/grouping-measures';
import type { ComparedGroup } from './compare-runs';
import type { Spread } from './spread';

/**
 * Writes the comparison as tables: `PATH.md` with the last iteration, for documents, and `PATH.csv` with every iteration, for
 * programs.
 *
 * @returns the paths written
 */
export async function writeCompareTables(path: string, groups: readonly ComparedGroup[]): Promise<string[]> {
  await writeFileAtomic(`${path}.md`, compareMarkdown(groups));
  await writeFileAtomic(`${path}.csv`, compareCsv(groups));
  return [`${path}.md`, `${path}.csv`];
}

/** A Markdown table with a row per group of runs: medians at the last iteration, and quartiles if there are several runs. */
export function compareMarkdown(groups: readonly ComparedGroup[]): string {
  const measures = GROUPING_MEASURES.filter(([measure]) =>
    groups.some(({ iterations }) => iterations.at(-1)?.[measure] !== undefined),
  );
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`;
  const head = ['settings', 'runs', ...measures.map(([, name]) => name), 'cost'];
  const cell = (spread: Spread | undefined, digits: number, runs: number) => {
    if (spread === undefined) return '-';
    const [lower, upper] = spread.quartiles;
    const quartiles = runs > 1 ? ` (${fixed(lower, digits)}..${fixed(upper, digits)})` : '';
    return `${fixed(spread.median, digits)}${quartiles}`;
  };
  return [
    row(head),
    row(head.map((_, i) => (i === 0 ? '---' : '---:'))),
    ...groups.map(({ label, runs, iterations }) => {
      const last = iterations.at(-1);
      return row([
        label.replaceAll('|', String.raw`\|`),
        String(runs.length),
        ...measures.map(([measure]) => cell(last?.[measure], 3, runs.length)),
        cell(last?.cost, 4, runs.length),
      ]);
    }),
  ].join('');
}

/** Comma-separated values with a row per group of runs, iteration and measure. */
export function compareCsv(groups: readonly ComparedGroup[]): string {
  const rows = groups.flatMap(({ label, runs, iterations }) =>
    iterations.flatMap((scores) =>
      [...GROUPING_MEASURES.map(([measure]) => measure), 'cost' as const].flatMap((measure) => {
        const spread = scores[measure];
        if (spread === undefined) return [];
        const { median, quartiles, low, high } = spread;
        return [[label, runs.length, scores.iteration, measure, median, ...quartiles, low, high]];
      }),
    ),
  );
  const head = [
    'settings',
    'runs',
    'iteration',
    'measure',
    'median',
    'lower_quartile',
    'upper_quartile',
    'low',
    'high',
  ];
  const quoted = (cell: string | number) =>
    /[",\n]/.test(String(cell)) ? `"${String(cell).replaceAll('"', '""')}"` : cell;
  return [head, ...rows].map((cells) => `${cells.map(quoted).join(',')}\n`).join('');
}
