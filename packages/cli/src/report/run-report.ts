import type { ClassifiedExample } from '@taggerjs/experiment';
import type { RunConfig } from '@taggerjs/experiment/node';
import type { GroupedExample } from '@taggerjs/train';

import { confusionFigure, curveFigure, escapeXml, exampleFigure, groupFigure, type GroupView } from '@taggerjs/viz';

import type { ImageShape } from '../images/image-shape';
import { fixed } from '../scores/fixed';
import { GROUPING_MEASURES } from '../scores/grouping-measures';
import { clock } from '../terminal/progress';
import { classCaption, classifiedPanels, type Placed } from '../run/pictures';
import { percent, type Scores } from '../scores/scores-table';
import { figure, page, paragraph, section, table, type ReportFigure } from './page';
import type { RankedExamples } from './ranked-examples';
import { runCurves } from './run-curves';

/** Examples and their groups, by how well they were grouped. */
export type RankedGroups = Readonly<Record<keyof RankedExamples, readonly Placed<GroupedExample>[]>>;

/** The measurements for a report. */
export interface ReportedScores extends Scores {
  /** Seconds it took. */
  readonly seconds: number;
  readonly confusion?: readonly (readonly number[])[];
  readonly exampleAmis?: readonly number[];
}

/** The contents of a report. */
export interface RunReportOptions {
  readonly config: RunConfig;
  /** All records of the run. */
  readonly metrics: readonly Readonly<Record<string, unknown>>[];
  /** The evaluation for the report. */
  readonly evaluation: ReportedScores;
  /** Split of the data. */
  readonly split: string;
  /** How to draw an input. */
  readonly imageShape: ImageShape;
  /** The examples to draw first. */
  readonly chosen: readonly Placed<GroupedExample>[];
  /** The best, median and worst by AMI. @default none, if the true segments are unknown */
  readonly ranked?: RankedGroups;
  /** Examples that a classifier got wrong, the worst first. @default none */
  readonly wrong?: readonly Placed<ClassifiedExample>[];
  /** Date of the report. */
  readonly date: Date;
}

/** A report, and the figures in it. */
export interface RunReport {
  readonly html: string;
  /** In the order of the report. */
  readonly figures: readonly ReportFigure[];
}

/**
 * The report of a run as one HTML page without external resources: scores, curves, groups over the iterations, the best,
 * median and worst examples, confused classes, timings, versions and the configuration.
 */
export function runReport(options: RunReportOptions): RunReport {
  const { config, metrics, evaluation, split, date, ranked } = options;
  const { recipe } = config;
  const data = `'${recipe.data.type}' (${split})`;
  const examples = evaluation.examples.toLocaleString('en');
  const curves = runCurves(metrics);
  const groups = [
    ...gallery('groups', undefined, options.chosen, options),
    ...gallery('winners', 'The winning group of each pixel', options.chosen, options, 'winner'),
  ];
  const spread = histogram(evaluation.exampleAmis);
  const galleries = ranked
    ? [
        ...gallery('best', 'Best', ranked.best, options),
        ...gallery('median', 'Median', ranked.median, options),
        ...gallery('worst', 'Worst', ranked.worst, options),
      ]
    : [];
  const confusion = confusionOf(evaluation.confusion);
  const wrong = wrongOf(options);
  const html = page(
    `${recipe.name}: report`,
    recipe.name,
    `<header><h1>${escapeXml(recipe.name)}</h1>`,
    `<p class="lead">${escapeXml(recipe.description ?? '')}</p>`,
    keyFigures(options),
    '</header>',
    section(
      'Scores',
      paragraph(
        `${examples} examples of ${data}. The cost is measured on corrupted inputs, the measures of grouping and the groups in use on clean ones.`,
      ),
      scores(evaluation),
    ),
    section('Curves', grid(curves.map(figure))),
    section('Groups', ...groups.map(figure)),
    section(
      'Best, median, worst',
      ranked
        ? paragraph(
            `By the AMI of the last iteration among ${examples} examples of ${data}, with the corruption of this report.`,
          )
        : '',
      ...[...spread, ...galleries].map(figure),
    ),
    section(
      'Classes',
      evaluation.confusion
        ? paragraph(
            'Rows: true class; columns: predicted class; numbers: objects. If an example has two objects, a ' +
              'missed class counts in equal parts for the classes predicted instead.',
          )
        : '',
      ...[...confusion, ...wrong].map(figure),
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
      `<details><summary>The complete recipe</summary><pre>${escapeXml(JSON.stringify(recipe, null, 2))}</pre></details>`,
    ),
  );
  return { html, figures: [...curves, ...groups, ...spread, ...galleries, ...confusion, ...wrong] };
}

/** The most important numbers. */
function keyFigures({ metrics, evaluation }: RunReportOptions): string {
  const last = evaluation.iterations?.at(-1);
  const { steps, seconds } = lengthOf(metrics);
  const numbers: readonly (readonly [string, string | undefined])[] = [
    [`AMI, iteration ${last?.iteration}`, last?.ami?.toFixed(3)],
    [`ARI-FG, iteration ${last?.iteration}`, last?.ariForeground?.toFixed(3)],
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

function scores({ iterations = [], classificationError, classificationCost }: ReportedScores): string {
  const rows = [
    ...GROUPING_MEASURES.map(([measure, name]) => [name, ...iterations.map((at) => at[measure]?.toFixed(3) ?? '–')]),
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

/** Examples with their groups, or an empty string without examples. */
function gallery(
  name: string,
  title: string | undefined,
  placed: readonly Placed<GroupedExample>[],
  { imageShape, split }: RunReportOptions,
  view: GroupView = 'blend',
): ReportFigure[] {
  if (placed.length === 0) return [];
  const examples = placed.map(({ index, example }) => {
    const classes = classCaption(example);
    return { ...example, label: `${split} ${index}${classes === undefined ? '' : `, ${classes}`}` };
  });
  const heading = title === undefined ? {} : { title, caption: false as const };
  const names = examples.map(({ label }) => label).join(', ');
  return [
    {
      name,
      description:
        view === 'winner'
          ? `The winning group of each pixel, iteration by iteration: ${names}`
          : `${title ?? 'Examples'} and their groups, iteration by iteration: ${names}`,
      draw: (ground) => groupFigure({ inputShape: imageShape, examples, view, ...heading, ...ground }),
    },
  ];
}

const BINS = 20;

/** Histogram of the examples' AMI, or an empty string if it is unknown. */
function histogram(values: readonly number[] | undefined): ReportFigure[] {
  if (!values) return [];
  const counts = new Array<number>(BINS).fill(0);
  for (const value of values) {
    const bin = Math.min(BINS - 1, Math.max(0, Math.floor(value * BINS)));
    counts[bin] = (counts[bin] as number) + 1;
  }
  // Draws each bin of the histogram from edge to edge.
  const x = counts.flatMap((_, i) => [i / BINS, (i + 1) / BINS]);
  const y = counts.flatMap((count) => [count / values.length, count / values.length]);
  return [
    {
      name: 'ami-spread',
      description: 'Histogram of the AMI of the examples',
      draw: (ground) =>
        curveFigure({
          series: [{ name: `${values.length.toLocaleString('en')} examples`, x, y, markers: false }],
          title: 'How the AMI is spread',
          xLabel: 'AMI at the last iteration, corrupted inputs (below 0 counts as 0)',
          yLabel: 'Share of examples',
          xDomain: [0, 1],
          width: 560,
          plotHeight: 180,
          ...ground,
        }),
    },
  ];
}

/** The confusion matrix, or an empty string if it is unknown. */
function confusionOf(matrix: ReportedScores['confusion']): ReportFigure[] {
  if (!matrix || matrix.length === 0) return [];
  const rows = matrix.map((row, label) => `true ${label}: ${row.map((count) => fixed(count, 1)).join(' ')}`);
  return [
    {
      name: 'confusion',
      description: `Objects of each true class by predicted class, 0 to ${matrix.length - 1}: ${rows.join('; ')}`,
      draw: (ground) => confusionFigure({ matrix, ...ground }),
    },
  ];
}

/** Examples that a classifier got wrong, or an empty string if there are none. */
function wrongOf({ wrong = [], imageShape, split }: RunReportOptions): ReportFigure[] {
  if (wrong.length === 0) return [];
  const examples = classifiedPanels(wrong, split);
  return [
    {
      name: 'wrong',
      description: `Examples with a missed class, the worst first: ${examples.map(({ label }) => label).join('; ')}`,
      draw: (ground) =>
        exampleFigure({ inputShape: imageShape, examples, title: 'Missed, the worst first', ...ground }),
    },
  ];
}

function timings({ metrics, evaluation, config }: RunReportOptions): string {
  const { steps, seconds } = lengthOf(metrics);
  const { batchSize } = config.recipe.training;
  const rows = [
    ...(steps > 0
      ? [
          ['training, including evaluations', clock(seconds)],
          ['per step', `${((1000 * seconds) / steps).toFixed(1)} ms`],
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

/** The number of steps of a run, and their time. */
function lengthOf(metrics: RunReportOptions['metrics']): { steps: number; seconds: number } {
  const last = metrics.filter(({ type }) => type === 'step').at(-1) as { step: number; seconds?: number } | undefined;
  return { steps: last?.step ?? 0, seconds: last?.seconds ?? 0 };
}

const grid = (figures: readonly string[]) =>
  figures.length === 0 ? '' : `<div class="pair">${figures.join('\n')}</div>`;
