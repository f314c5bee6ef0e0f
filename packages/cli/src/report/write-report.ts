import { join } from 'node:path';

import { subset, type Dataset, type Split } from '@taggerjs/datasets';
import type { ClassifiedExample, ClassifierModel, ModelEvaluateOptions, TaggerModel } from '@taggerjs/experiment';
import type { Run, WhichCheckpoint } from '@taggerjs/experiment/node';
import { classificationError } from '@taggerjs/metrics';
import type { GroupedExample } from '@taggerjs/train';
import { makeFolder, writeFileAtomic } from '@taggerjs/weights/node';

import { imageShape } from '../images/image-shape';
import { writeBoth, type Placed } from '../run/pictures';
import { selectExamples } from '../run/select-examples';
import { PIXELS_PER_UNIT } from './page';
import { rankExamples } from './ranked-examples';
import { runReport, type RankedGroups, type RunReportOptions } from './run-report';

/** Number of best, median and worst examples to draw, each. */
const RANKED = 4;
/** Maximum number of misclassified examples to draw. */
const WRONG = 24;

/** Which examples to draw. */
export interface SelectOptions {
  /** See `selectExamples`. */
  readonly select: string;
  /** Number of examples, unless `select` lists them. */
  readonly examples: number;
  readonly seed: number;
}

/** Options of {@link writeReport} in addition to the run. */
export interface WriteReportOptions extends SelectOptions {
  readonly split: Split;
  readonly checkpoint: WhichCheckpoint | undefined;
  /** How to run the model. */
  readonly how: ModelEvaluateOptions;
  /** Number of examples to measure. @default the number that the recipe evaluates */
  readonly of?: number | undefined;
  /** Path of the report without `.html`. @default `report` in the run folder */
  readonly out?: string | undefined;
  /** Folder to write every figure into, as SVG and PNG. @default none */
  readonly figures?: string | undefined;
}

/** The files of a report. */
export interface WrittenReport {
  readonly report: string;
  /** Paths of SVG and PNG files, in the order of the report. */
  readonly figures: readonly string[];
}

/** Runs a model on the selected examples. */
export async function showSelected<Example>(
  model: { show(dataset: Dataset, how: ModelEvaluateOptions): Promise<Example[]> },
  dataset: Dataset,
  { select, examples, seed }: SelectOptions,
  how: ModelEvaluateOptions,
): Promise<Placed<Example>[]> {
  const places = selectExamples(select, dataset, examples, seed);
  const shown = await model.show(subset(dataset, places), how);
  return shown.map((example, i) => ({ index: places[i]!, example }));
}

/**
 * Measures a run and writes its report, and its figures as files.
 *
 * @throws WeightsError `FILE` if a file cannot be written
 */
export async function writeReport(run: Run, options: WriteReportOptions): Promise<WrittenReport> {
  const { split, checkpoint, out } = options;
  // Check before measuring, which takes time.
  if (options.figures !== undefined) await makeFolder(options.figures);
  const dataset = await run.dataset(split);
  const how = { ...options.how, examples: options.of ?? run.config.recipe.evaluation.examples };
  const model = await run.loadModel({ checkpoint });
  let measured: Measured;
  try {
    measured =
      model.kind === 'classifier'
        ? await measureClassifier(model, dataset, how)
        : await measureTagger(model, dataset, options, how);
  } finally {
    model.dispose();
  }
  const path = `${out ?? join(run.path, 'report')}.html`;
  const { html, figures } = runReport({
    config: run.config,
    metrics: await run.metrics(),
    split,
    imageShape: imageShape(dataset.inputShape),
    ...measured,
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

type Measured = Pick<RunReportOptions, 'evaluation' | 'chosen' | 'ranked' | 'wrong'>;

async function measureTagger(
  model: TaggerModel,
  dataset: Dataset,
  options: WriteReportOptions,
  how: ModelEvaluateOptions,
): Promise<Measured> {
  const evaluation = await model.evaluate(dataset, { ...how, scoreExamples: true });
  const ranking = evaluation.exampleAmis && rankExamples(evaluation.exampleAmis, RANKED);
  // Group them again, because keeping the groups of every example would take too much memory.
  const regroup = async (places: readonly number[]): Promise<Placed<GroupedExample>[]> => {
    const placed: Placed<GroupedExample>[] = [];
    for (const index of places) {
      const [example] = await model.show(dataset, { ...how, first: index, examples: 1 });
      placed.push({ index, example: example! });
    }
    return placed;
  };
  let ranked: RankedGroups | undefined;
  if (ranking) {
    const [best, median] = [await regroup(ranking.best), await regroup(ranking.median)];
    ranked = { best, median, worst: await regroup(ranking.worst) };
  }
  const chosen = await showSelected(model, dataset, options, options.how);
  return { evaluation, chosen, ...(ranked && { ranked }) };
}

async function measureClassifier(
  model: ClassifierModel,
  dataset: Dataset,
  how: ModelEvaluateOptions & { readonly examples: number },
): Promise<Measured> {
  return { evaluation: await model.evaluate(dataset, how), chosen: [], wrong: await worst(model, dataset, how) };
}

/** The misclassified examples, those with the lowest probability of the true classes first. */
async function worst(
  model: ClassifierModel,
  dataset: Dataset,
  { batchSize = 100, ...how }: ModelEvaluateOptions & { readonly examples: number },
): Promise<Placed<ClassifiedExample>[]> {
  let wrong: (Placed<ClassifiedExample> & { readonly cost: number })[] = [];
  const most = Math.min(how.examples, dataset.size);
  for (let first = 0; first < most; first += batchSize) {
    const shown = await model.show(dataset, { ...how, batchSize, first, examples: Math.min(batchSize, most - first) });
    shown.forEach((example, i) => {
      const { classPosterior, labels } = example;
      if (!labels || classificationError(classPosterior, labels, { size: 1 }) === 0) return;
      wrong.push({ index: first + i, example, cost: crossEntropy(classPosterior, labels) });
    });
    wrong = wrong.sort((a, b) => b.cost - a.cost || a.index - b.index).slice(0, WRONG);
  }
  return wrong;
}

function crossEntropy(posterior: Float32Array, labels: Uint8Array): number {
  // The smallest number keeps the logarithm finite if a probability underflows.
  return labels.reduce((sum, label) => sum - Math.log((posterior[label] as number) + Number.MIN_VALUE), 0);
}
