import { curveFigure, escapeXml, groupFigure } from '@taggerjs/viz';

import { clock } from '../progress';
import { classCaption } from '../run/pictures';
import type { PlacedExample } from '../run/measure-run';
import type { RunConfig } from '../run/run-folder';
import type { RunEvaluation } from '../run/run-model';
import { percent } from '../scores-table';
import { figure, onBothGrounds, page, paragraph, section, table } from './page';
import type { RankedExamples } from './ranked-examples';
import { runCurves } from './run-curves';

/** Examples and their groups, by how well they were grouped. */
export type RankedGroups = Readonly<Record<keyof RankedExamples, readonly PlacedExample[]>>;

/** What a report is made of. */
export interface RunReportOptions {
  readonly config: RunConfig;
  /** All records of the run. */
  readonly metrics: readonly Readonly<Record<string, unknown>>[];
  /** What was measured for the report. */
  readonly evaluation: RunEvaluation;
  /** Of which part of the data. */
  readonly split: string;
  /** [height, width] of an input. */
  readonly imageShape: readonly [number, number];
  /** The examples to draw first. */
  readonly chosen: readonly PlacedExample[];
  /** The best, median and worst by the AMI. @default none, for want of true segments */
  readonly ranked?: RankedGroups;
  /** When it is made. */
  readonly date: Date;
}

/**
 * The report of a run as one page of HTML that needs nothing else: what was measured, curves, groups over the iterations, the
 * best, median and worst examples, the classes that are taken for one another, timings, versions and the configuration.
 */
export function runReport(options: RunReportOptions): string {
  const { config, metrics, evaluation, split, date, ranked } = options;
  const { recipe } = config;
  const data = `'${recipe.data.type}' (${split})`;
  const examples = evaluation.examples.toLocaleString('en');
  const rankedFigures = ranked
    ? [
        gallery('Best', ranked.best, options),
        gallery('Median', ranked.median, options),
        gallery('Worst', ranked.worst, options),
      ]
    : [];
  return page(
    `${recipe.name}: report`,
    `<header><h1>${escapeXml(recipe.name)}</h1>`,
    `<p class="lead">${escapeXml(recipe.description ?? '')}</p>`,
    keyFigures(options),
    '</header>',
    section(
      'Scores',
      paragraph(
        `${examples} examples of ${data}. The cost is of corrupted inputs; AMI and groups in use are of uncorrupted ones.`,
      ),
      scores(evaluation),
    ),
    section('Curves', grid(runCurves(metrics))),
    section('Groups', gallery(undefined, options.chosen, options)),
    section(
      'Best, median, worst',
      ranked
        ? paragraph(
            `By the AMI of the last iteration among ${examples} examples of ${data}, each as it was corrupted for this report.`,
          )
        : '',
      evaluation.exampleAmis ? histogram(evaluation.exampleAmis) : '',
      ...rankedFigures,
    ),
    section(
      'Classes',
      evaluation.confusion
        ? paragraph(
            'Rows: the true class; columns: the class that was found; numbers: objects. Where an example has two objects, a ' +
              'class that was missed counts in equal parts for those found in its place.',
          )
        : '',
      confusionTable(evaluation.confusion),
    ),
    section('Time', timings(options)),
    section(
      'Where it ran',
      table(
        [],
        Object.entries({ ...config.environment, started: config.started, report: date.toISOString() }).map(
          ([name, value]) => [name, String(value)],
        ),
      ).replace('<table>', '<table class="about">'),
    ),
    section(
      'Configuration',
      `<details><summary>The recipe with every value filled in</summary><pre>${escapeXml(JSON.stringify(recipe, null, 2))}</pre></details>`,
    ),
  );
}

/** The numbers that one looks for first. */
function keyFigures({ metrics, evaluation }: RunReportOptions): string {
  const last = evaluation.iterations.at(-1);
  const { steps, seconds } = lengthOf(metrics);
  const numbers: readonly (readonly [string, string | undefined])[] = [
    [`AMI, iteration ${last?.iteration}`, last?.ami?.toFixed(3)],
    [`Cost, iteration ${last?.iteration}`, last?.cost.toFixed(4)],
    ['Groups in use', last?.groupsUsed.toFixed(2)],
    ['Classification error', percent(evaluation.classificationError)],
    ['Steps', steps > 0 ? steps.toLocaleString('en') : undefined],
    ['Trained for', steps > 0 ? clock(seconds) : undefined],
  ];
  const shown = numbers.filter(([, value]) => value !== undefined);
  return `<dl class="figures">${shown
    .map(([name, value]) => `<div><dt>${escapeXml(name)}</dt><dd>${escapeXml(value as string)}</dd></div>`)
    .join('')}</dl>`;
}

function scores({ iterations, classificationError, classificationCost }: RunEvaluation): string {
  const rows = [
    ['AMI', ...iterations.map(({ ami }) => ami?.toFixed(3) ?? '–')],
    ['denoising cost', ...iterations.map(({ cost }) => cost.toFixed(4))],
    ['groups in use', ...iterations.map(({ groupsUsed }) => groupsUsed.toFixed(2))],
    ['entropy of assignments', ...iterations.map(({ entropy }) => entropy.toFixed(3))],
  ].filter(([, ...cells]) => cells.some((cell) => cell !== '–'));
  const single = [
    ['classification error', percent(classificationError)],
    ['classification cost', classificationCost?.toFixed(4)],
  ].filter((row): row is [string, string] => row[1] !== undefined);
  return [
    iterations.length > 0 ? table(['iteration', ...iterations.map(({ iteration }) => String(iteration))], rows) : '',
    single.length > 0 ? table([], single) : '',
  ].join('\n');
}

/** Examples with their groups; nothing where there are none. */
function gallery(
  title: string | undefined,
  placed: readonly PlacedExample[],
  { imageShape, split }: RunReportOptions,
): string {
  if (placed.length === 0) return '';
  const examples = placed.map(({ index, example }) => {
    const classes = classCaption(example);
    return { ...example, label: `${split} ${index}${classes === undefined ? '' : `, ${classes}`}` };
  });
  const drawing = onBothGrounds((theme) =>
    groupFigure({
      inputShape: imageShape,
      examples,
      theme,
      transparent: true,
      ...(title === undefined ? {} : { title, caption: false as const }),
    }),
  );
  const names = examples.map(({ label }) => label).join(', ');
  return figure(drawing, `${title ?? 'Examples'} and their groups, iteration by iteration: ${names}`);
}

const BINS = 20;

/** How the AMI of examples is spread. */
function histogram(values: readonly number[]): string {
  const counts = new Array<number>(BINS).fill(0);
  for (const value of values) {
    const bin = Math.min(BINS - 1, Math.max(0, Math.floor(value * BINS)));
    counts[bin] = (counts[bin] as number) + 1;
  }
  // Steps of a histogram: each count from edge to edge.
  const x = counts.flatMap((_, i) => [i / BINS, (i + 1) / BINS]);
  const y = counts.flatMap((count) => [count / values.length, count / values.length]);
  return figure(
    onBothGrounds((theme) =>
      curveFigure({
        series: [{ name: `${values.length.toLocaleString('en')} examples`, x, y, markers: false }],
        title: 'How the AMI is spread',
        xLabel: 'AMI at the last iteration, corrupted inputs (below 0 counts as 0)',
        yLabel: 'Share of examples',
        xDomain: [0, 1],
        width: 560,
        plotHeight: 180,
        theme,
        transparent: true,
      }),
    ),
    'Histogram of the AMI of the examples',
  );
}

function confusionTable(matrix: RunEvaluation['confusion']): string {
  if (!matrix || matrix.length === 0) return '';
  const head = matrix.map((_, found) => `<th scope="col">${found}</th>`).join('');
  const rows = matrix.map((row, label) => {
    const total = row.reduce((sum, count) => sum + count, 0);
    const cells = row.map((count) => {
      const share = total > 0 ? count / total : 0;
      // Small shares are what one looks for; a root lets them show.
      const strength = Math.sqrt(share) * 0.75;
      return `<td style="background: rgba(var(--strong), ${strength.toFixed(3)})" title="${percent(share)}">${formatCount(count)}</td>`;
    });
    return `<tr><th scope="row">${label}</th>${cells.join('')}<td>${formatCount(total)}</td></tr>`;
  });
  return (
    `<div class="wide"><table class="confusion"><thead><tr><th scope="col">true \\ found</th>${head}<th scope="col">all</th></tr></thead>` +
    `<tbody>${rows.join('\n')}</tbody></table></div>`
  );
}

function timings({ metrics, evaluation, config }: RunReportOptions): string {
  const { steps, seconds } = lengthOf(metrics);
  const { batchSize } = config.recipe.training;
  const rows = [
    ...(steps > 0
      ? [
          ['training, evaluations included', clock(seconds)],
          ['a step', `${((1000 * seconds) / steps).toFixed(1)} ms`],
          ['examples a second', ((steps * batchSize) / seconds).toFixed(0)],
        ]
      : []),
    [
      `evaluation of ${evaluation.examples.toLocaleString('en')} examples for this report`,
      `${evaluation.seconds.toFixed(1)} s`,
    ],
  ];
  return table([], rows);
}

/** How far a run came, and in what time. */
function lengthOf(metrics: RunReportOptions['metrics']): { steps: number; seconds: number } {
  const last = metrics.filter(({ type }) => type === 'step').at(-1) as { step: number; seconds?: number } | undefined;
  return { steps: last?.step ?? 0, seconds: last?.seconds ?? 0 };
}

const grid = (figures: readonly string[]) =>
  figures.length === 0 ? '' : `<div class="pair">${figures.join('\n')}</div>`;

const formatCount = (count: number) => (Number.isInteger(count) ? String(count) : count.toFixed(1));
