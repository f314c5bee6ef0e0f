import { dirname } from 'node:path';

import { openDataset } from '@taggerjs/experiment/node';
import { overrideRecipe } from '@taggerjs/recipes';
import { segmentationScores } from '@taggerjs/metrics';
import { group } from '@taggerjs/tagger';
import { examplesFromGrouping, groupFigure, type GroupView } from '@taggerjs/viz';
import { makeFolder } from '@taggerjs/weights/node';

import { CliError } from '../errors';
import { imageShape } from '../images/image-shape';
import { requireWritable } from '../require-writable';
import { previewExample, writeBoth } from '../run/pictures';
import { openTrainedModel } from '../run/trained-model';
import { shown } from '../shown-path';
import type { Output } from '../terminal/output';

/** Arguments and options of `tagger demo`, except for the backend. */
export interface DemoArguments {
  /** Folder of a run, or a name such as `pretrained:shapes`. */
  readonly model: string;
  /** Number of images to draw. */
  readonly examples: number;
  /** Number of images to measure. */
  readonly of: number;
  /** Seed of the images. @default a random one */
  readonly seed?: number | undefined;
  /** How to draw all groups at once. @default 'winner' */
  readonly view?: GroupView | undefined;
  /** Path of the figure, with or without ending. */
  readonly out: string;
  /** Whether to print the result as JSON. */
  readonly json?: boolean;
}

/**
 * Runs `tagger demo`: groups new images with a trained model, draws some, and prints the scores.
 *
 * @param setUp sets up the backend, once the options are checked
 * @throws CliError `USAGE` if no new images of the model's data can be generated, or the model is a classifier
 */
export async function runDemo(
  {
    model: given,
    of,
    examples: drawn,
    seed = Math.floor(Math.random() * 2 ** 31),
    view = 'winner',
    json,
    ...rest
  }: DemoArguments,
  output: Output,
  setUp: () => Promise<unknown>,
): Promise<void> {
  const out = rest.out.replace(/\.(svg|png)$/, '');
  const trained = await openTrainedModel(given);
  const { recipe } = trained;
  if (recipe.data.type === 'file' || recipe.data.type === 'mnist') {
    throw new CliError(
      'USAGE',
      `'${given}' is trained on data of type '${recipe.data.type}', of which no new images can be generated. Use ` +
        '`tagger show`.',
    );
  }
  await makeFolder(dirname(out));
  for (const ending of ['.svg', '.png']) await requireWritable(`${out}${ending}`);
  await setUp();
  const examples = Math.max(of, drawn);
  const dataset = await openDataset(overrideRecipe(recipe, { 'data.seed': seed, 'data.sizes.test': examples }), 'test');
  const model = await trained.loadModel();
  try {
    if (model.kind === 'classifier') {
      throw new CliError('USAGE', `'${given}' is a classifier, which has no groups. Use \`tagger show\`.`);
    }
    const { inputs, segments } = await dataset.examples(Uint32Array.from({ length: examples }, (_, i) => i));
    const { iterations, groups } = recipe.evaluation;
    const how = { seed, iterations, ...(groups !== undefined && { groups }) };
    const grouping = await group(model.tagger, inputs, how);
    const amis = grouping.iterations.map((found) => segmentationScores(segments!, found.segments, { size: examples }));
    const means = amis.map((scores) => scores.reduce((sum, ami) => sum + ami, 0) / examples);
    const indices = Array.from({ length: drawn }, (_, i) => i);
    const figure = examplesFromGrouping(grouping, { inputs, segments, amis, indices });
    const inputShape = imageShape(dataset.inputShape);
    const title = `${given}, new images of ${recipe.data.type}, seed ${seed}`;
    const files = await writeBoth(out, groupFigure({ inputShape, examples: figure, title, view }));
    if (json) {
      output.print(JSON.stringify({ model: given, seed, examples, ami: means, files }, null, 2));
      return;
    }
    previewExample(output, figure[0]!, inputShape, view);
    const row = (label: string, cells: readonly string[]) =>
      output.print(`${label.padEnd(18)}${cells.map((cell) => cell.padStart(7)).join('')}`);
    row(
      'AMI at iteration',
      means.map((_, i) => String(i + 1)),
    );
    row(
      `  ${examples} new images`,
      means.map((ami) => ami.toFixed(3)),
    );
    output.print();
    output.print(`The groups:    ${files.map(shown).join(', ')}`);
    output.print(`The model:     ${given}. To see the same images again: --seed ${seed}`);
  } finally {
    model.dispose();
  }
}
