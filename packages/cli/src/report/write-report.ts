import { join } from 'node:path';

import type { Classifier } from '@taggerjs/classifier';
import { subset, type Dataset } from '@taggerjs/datasets';
import { makeFolder, writeFileAtomic } from '@taggerjs/weights/node';
import { type ClassifiedExample, classifyExamples, wrongExamples } from '@taggerjs/experiment';
import {
  datasetOf,
  isClassifier,
  loadRunClassifier,
  type MeasureOptions,
  measureRun,
  openRunFolder,
  type PlacedExample,
} from '@taggerjs/experiment/node';

import { imageShape } from '../images/image-shape';
import { writeBoth } from '../run/pictures';
import { selectExamples } from '../run/select-examples';
import { PIXELS_PER_UNIT } from './page';
import { rankExamples, type RankedExamples } from './ranked-examples';
import { runReport, type RankedGroups } from './run-report';

/** How many each of the best, the median and the worst examples are drawn. */
const RANKED = 4;
/** How many examples of which a classifier missed a class are drawn at most. */
const WRONG = 24;

/** Which examples to draw, and how to group them. */
export interface SelectOptions {
  readonly how: MeasureOptions;
  /** As `selectExamples` takes it. */
  readonly select: string;
  /** How many, where they are not named. */
  readonly examples: number;
  readonly seed: number;
}

/** What {@link writeReport} takes besides the run. */
export interface WriteReportOptions extends SelectOptions {
  /** How many examples to measure. @default as the recipe evaluates */
  readonly of?: number | undefined;
  /** Where to write, without `.html`. @default `report` in the run */
  readonly out?: string | undefined;
  /** Folder to write every figure into, as SVG and PNG; made where it is not there. @default no such files */
  readonly figures?: string | undefined;
}

/** Where a report was written, and its figures. */
export interface WrittenReport {
  readonly report: string;
  /** Paths of SVG and PNG files, in the order of the report. */
  readonly figures: readonly string[];
}

/** Groups the examples that are selected, and says which they are. */
export async function groupSelected(
  given: string,
  { how, select, examples, seed }: SelectOptions,
): Promise<{ readonly figure: PlacedExample['example'][]; readonly places: number[]; readonly dataset: Dataset }> {
  let places: number[] = [];
  const { evaluation, dataset } = await measureRun(given, {
    ...how,
    choose(whole) {
      places = selectExamples(select, whole, examples, seed);
      return subset(whole, places);
    },
    figureExamples: Number.MAX_SAFE_INTEGER,
  });
  return { figure: [...evaluation.figure], places, dataset };
}

/** Classifies the examples that are selected. */
export async function classifySelected(
  given: string,
  { how, select, examples, seed }: SelectOptions,
): Promise<{ readonly examples: ClassifiedExample[]; readonly dataset: Dataset }> {
  return withClassifier(given, how, async (classifier, dataset, batchSize) => {
    const places = selectExamples(select, dataset, examples, seed);
    return { examples: await classifyExamples(classifier, dataset, places, { batchSize }), dataset };
  });
}

/** Does something with the classifier of a run, and the data that it is measured on. */
async function withClassifier<Result>(
  given: string,
  { split, checkpoint }: MeasureOptions,
  act: (classifier: Classifier, dataset: Dataset, batchSize: number) => Promise<Result>,
): Promise<Result> {
  const run = await openRunFolder(given);
  const { recipe, baseFolder } = run.config;
  const classifier = await loadRunClassifier(run, given, checkpoint);
  try {
    return await act(classifier, await datasetOf(recipe, split, baseFolder), recipe.evaluation.batchSize);
  } finally {
    classifier.dispose();
  }
}

/** Measures a run and writes its report, and its figures as files. @throws CliError `FILE` where that cannot be */
export async function writeReport(given: string, options: WriteReportOptions): Promise<WrittenReport> {
  const { how, of, out } = options;
  // Before any time goes into what is to be written there.
  if (options.figures !== undefined) await makeFolder(options.figures);
  const { config } = await openRunFolder(given);
  const measured = of ?? config.recipe.evaluation.examples;
  let ranking: RankedExamples | undefined;
  const { run, dataset, evaluation, picked } = await measureRun(given, {
    ...how,
    examples: measured,
    scoreExamples: true,
    pick({ exampleAmis }) {
      ranking = exampleAmis && rankExamples(exampleAmis, RANKED);
      return ranking ? [...ranking.best, ...ranking.median, ...ranking.worst] : [];
    },
  });
  const classifies = isClassifier(config.recipe);
  const { figure, places } = classifies ? { figure: [], places: [] } : await groupSelected(given, options);
  const wrong = classifies
    ? await withClassifier(given, how, (classifier, data, batchSize) =>
        wrongExamples(classifier, data, { examples: measured, count: WRONG, batchSize }),
      )
    : [];
  const path = `${out ?? join(run.path, 'report')}.html`;
  const { html, figures } = runReport({
    config: run.config,
    metrics: await run.metrics(),
    evaluation,
    split: how.split,
    imageShape: imageShape(dataset.inputShape),
    chosen: figure.map((example, i) => ({ index: places[i]!, example })),
    wrong,
    ...(ranking && { ranked: examplesOf(ranking, picked) }),
    date: new Date(),
  });
  await writeFileAtomic(path, html);
  const written: string[] = [];
  for (const { name, draw } of options.figures === undefined ? [] : figures) {
    const svg = draw({ theme: 'light', transparent: false });
    written.push(...(await writeBoth(join(options.figures as string, name), svg, { scale: PIXELS_PER_UNIT })));
  }
  return { report: path, figures: written };
}

/** The examples in the place of their numbers. */
function examplesOf({ best, median, worst }: RankedExamples, picked: readonly PlacedExample[]): RankedGroups {
  const of = (places: readonly number[]) => places.map((place) => picked.find(({ index }) => index === place)!);
  return { best: of(best), median: of(median), worst: of(worst) };
}
