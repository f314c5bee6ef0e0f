import type { IterationScores } from '@taggerjs/train';

import { fixed } from './fixed';
import { GROUPING_MEASURES, type GroupingMeasure } from './grouping-measures';

/** The scores of an evaluation. Only those of a Tagger have iterations. */
export interface Scores {
  /** Number of examples. */
  readonly examples: number;
  readonly iterations?: readonly IterationScores[];
  readonly classificationError?: number;
  readonly classificationCost?: number;
}

/** One row of the table. */
export interface ScoredMoment {
  readonly label: string;
  readonly evaluation: Scores;
}

/**
 * An aligned text table of the measures of grouping and the denoising cost at each iteration, with a row per evaluation. Leaves
 * out measures that no evaluation has.
 *
 * @param headline the only measure of grouping to show, next to the denoising cost. By default all, and the groups in use
 */
export function scoresTable(moments: readonly ScoredMoment[], headline?: GroupingMeasure): string {
  const iterations = Math.max(...moments.map(({ evaluation }) => iterationsOf(evaluation).length));
  type Score = (scores: IterationScores) => number | undefined;
  const SECTIONS: readonly (readonly [title: string, score: Score, digits: number])[] = [
    ...GROUPING_MEASURES.filter(([measure]) => headline === undefined || measure === headline).map(
      ([measure, name]) => [`${name} at iteration`, (scores: IterationScores) => scores[measure], 3] as const,
    ),
    ['cost at iteration', ({ cost }) => cost, 4],
    ...(headline === undefined ? [['groups used', ({ groupsUsed }: IterationScores) => groupsUsed, 2] as const] : []),
  ];
  const sections = SECTIONS.map(([title, score, digits]) => ({
    title,
    rows: moments.map(({ evaluation }) =>
      iterationsOf(evaluation).map((scores) => {
        const value = score(scores);
        return value === undefined ? undefined : fixed(value, digits);
      }),
    ),
  })).filter(({ rows }) => rows.flat().some((cell) => cell !== undefined));
  const width = Math.max(
    18,
    ...moments.map(({ label }) => label.length + 2),
    ...sections.map(({ title }) => title.length + 1),
  );
  // Costs in nats may be negative and long, so all columns have the width of the longest number.
  const cells = sections.flatMap(({ rows }) => rows.flat());
  const columnWidth = Math.max(7, ...cells.map((cell = '') => cell.length + 1));
  const column = (text: string) => text.padStart(columnWidth);
  const columns = Array.from({ length: iterations }, (_, i) => column(String(i + 1))).join('');
  const lines: string[] = [];
  for (const { title, rows } of sections) {
    lines.push(`${title.padEnd(width)}${columns}`);
    for (const [i, row] of rows.entries()) {
      lines.push(`${`  ${moments[i]?.label}`.padEnd(width)}${row.map((cell = '-') => column(cell)).join('')}`);
    }
  }
  const single = (title: string, value: (scores: Scores) => string | undefined) => {
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

/** The headline measure and the cost on one line, for logs: `AMI 0.41 0.55 0.58, cost 0.210 0.190 0.187`. */
export function scoresLine(
  { iterations = [], classificationError, classificationCost }: Scores,
  headline: GroupingMeasure,
): string {
  const values = iterations.map((scores) => scores[headline]);
  const name = GROUPING_MEASURES.find(([measure]) => measure === headline)![1];
  return [
    ...(values.length === 0 || values.includes(undefined)
      ? []
      : [`${name} ${values.map((value) => fixed(value as number, 3)).join(' ')}`]),
    ...(iterations.length === 0 ? [] : [`cost ${iterations.map(({ cost }) => fixed(cost, 4)).join(' ')}`]),
    ...(classificationError === undefined ? [] : [`error ${percent(classificationError)}`]),
    ...(classificationCost === undefined ? [] : [`classification cost ${classificationCost.toFixed(4)}`]),
  ].join(', ');
}

/** 0.0106 -> '1.06 %' */
export function percent(share: number | undefined): string | undefined {
  return share === undefined ? undefined : `${(100 * share).toFixed(2)} %`;
}

function iterationsOf({ iterations = [] }: Scores): readonly IterationScores[] {
  return iterations;
}
