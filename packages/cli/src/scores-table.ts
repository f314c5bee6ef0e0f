import type { Evaluation } from '@taggerjs/train';

/** One row of the table: when, and what was measured. */
export interface ScoredMoment {
  readonly label: string;
  readonly evaluation: Evaluation;
}

/**
 * The denoising cost and the AMI at each iteration, a row per moment, as aligned text.
 */
export function scoresTable(moments: readonly ScoredMoment[]): string {
  const iterations = Math.max(...moments.map(({ evaluation }) => evaluation.iterations.length));
  const width = Math.max(...moments.map(({ label }) => label.length + 2), 18);
  const column = (text: string) => text.padStart(7);
  const columns = Array.from({ length: iterations }, (_, i) => column(String(i + 1))).join('');
  const lines: string[] = [];
  const section = (
    title: string,
    score: (scores: Evaluation['iterations'][number]) => number | undefined,
    digits: number,
  ) => {
    if (moments.every(({ evaluation }) => evaluation.iterations.every((scores) => score(scores) === undefined))) return;
    lines.push(`${title.padEnd(width)}${columns}`);
    for (const { label, evaluation } of moments) {
      const cells = evaluation.iterations.map((scores) => column(score(scores)?.toFixed(digits) ?? '-'));
      lines.push(`${`  ${label}`.padEnd(width)}${cells.join('')}`);
    }
  };
  section('AMI at iteration', ({ ami }) => ami, 3);
  section('cost at iteration', ({ cost }) => cost, 4);
  section('groups used', ({ groupsUsed }) => groupsUsed, 2);
  return lines.join('\n');
}

/** The same in one line, for logs: `AMI 0.41 0.55 0.58, cost 0.210 0.190 0.187`. */
export function scoresLine({ iterations }: Evaluation): string {
  const costs = `cost ${iterations.map(({ cost }) => cost.toFixed(4)).join(' ')}`;
  const amis = iterations.map(({ ami }) => ami);
  if (amis.some((ami) => ami === undefined)) return costs;
  return `AMI ${amis.map((ami) => (ami as number).toFixed(3)).join(' ')}, ${costs}`;
}
