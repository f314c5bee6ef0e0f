import { fixed } from './fixed';
import type { RunEvaluation } from './run/run-model';

/** One row of the table: when, and what was measured. */
export interface ScoredMoment {
  readonly label: string;
  readonly evaluation: RunEvaluation;
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
    score: (scores: RunEvaluation['iterations'][number]) => number | undefined,
    digits: number,
  ) => {
    if (moments.every(({ evaluation }) => evaluation.iterations.every((scores) => score(scores) === undefined))) return;
    lines.push(`${title.padEnd(width)}${columns}`);
    for (const { label, evaluation } of moments) {
      const cells = evaluation.iterations.map((scores) => {
        const value = score(scores);
        return column(value === undefined ? '-' : fixed(value, digits));
      });
      lines.push(`${`  ${label}`.padEnd(width)}${cells.join('')}`);
    }
  };
  section('AMI at iteration', ({ ami }) => ami, 3);
  section('cost at iteration', ({ cost }) => cost, 4);
  section('groups used', ({ groupsUsed }) => groupsUsed, 2);
  const single = (title: string, value: (scores: RunEvaluation) => string | undefined) => {
    if (moments.every(({ evaluation }) => value(evaluation) === undefined)) return;
    lines.push(title);
    for (const { label, evaluation } of moments) {
      lines.push(`${`  ${label}`.padEnd(width)}  ${column(value(evaluation) ?? '-')}`);
    }
  };
  single('classification error', ({ classificationError }) => percent(classificationError));
  single('classification cost', ({ classificationCost }) => classificationCost?.toFixed(4));
  return lines.join('\n');
}

/** The same in one line, for logs: `AMI 0.41 0.55 0.58, cost 0.210 0.190 0.187`. */
export function scoresLine({ iterations, classificationError, classificationCost }: RunEvaluation): string {
  const amis = iterations.map(({ ami }) => ami);
  return [
    ...(amis.length === 0 || amis.includes(undefined)
      ? []
      : [`AMI ${amis.map((ami) => fixed(ami as number, 3)).join(' ')}`]),
    ...(iterations.length === 0 ? [] : [`cost ${iterations.map(({ cost }) => fixed(cost, 4)).join(' ')}`]),
    ...(classificationError === undefined ? [] : [`error ${percent(classificationError)}`]),
    ...(classificationCost === undefined ? [] : [`classification cost ${classificationCost.toFixed(4)}`]),
  ].join(', ');
}

/** 0.0106 -> '1.06 %' */
export function percent(share: number | undefined): string | undefined {
  return share === undefined ? undefined : `${(100 * share).toFixed(2)} %`;
}
