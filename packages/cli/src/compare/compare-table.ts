import { fixed } from '../scores/fixed';
import { GROUPING_MEASURES } from '../scores/grouping-measures';
import type { ComparedGroup } from './compare-runs';
import type { Spread } from './spread';

/**
 * A table of the measures of grouping and the denoising cost of the last evaluations at each iteration, with a row per group of
 * runs. Shows the median over the runs, and for several runs the quartiles below it.
 */
export function compareTable(groups: readonly ComparedGroup[]): string {
  const iterations = Math.max(...groups.map((group) => group.iterations.length));
  const width = Math.max(20, ...groups.map((group) => titleOf(group).length + 4));
  const lines: string[] = [];
  const section = (
    title: string,
    pick: (scores: ComparedGroup['iterations'][number]) => Spread | undefined,
    digits: number,
  ) => {
    if (groups.every((group) => group.iterations.every((scores) => pick(scores) === undefined))) return;
    // '-0.123..-0.045' and two spaces
    const column = (text: string) => text.padStart(2 * digits + 10);
    lines.push(title.padEnd(width) + Array.from({ length: iterations }, (_, i) => column(String(i + 1))).join(''));
    for (const group of groups) {
      const cells = Array.from({ length: iterations }, (_, i) => {
        const scores = group.iterations[i];
        return scores && pick(scores);
      });
      const row = (text: (spread: Spread) => string) => cells.map((cell) => column(cell ? text(cell) : '-')).join('');
      lines.push(`  ${titleOf(group)}`.padEnd(width) + row(({ median }) => fixed(median, digits)));
      if (group.runs.length > 1) {
        const range = ({ quartiles: [lower, upper] }: Spread) => `${fixed(lower, digits)}..${fixed(upper, digits)}`;
        lines.push(''.padEnd(width) + row(range));
      }
    }
  };
  for (const [measure, name] of GROUPING_MEASURES) section(`${name} at iteration`, (scores) => scores[measure], 3);
  section('cost at iteration', ({ cost }) => cost, 4);
  return lines.join('\n');
}

function titleOf({ label, runs }: ComparedGroup): string {
  return runs.length === 1 ? label : `${label} (${runs.length} runs)`;
}
