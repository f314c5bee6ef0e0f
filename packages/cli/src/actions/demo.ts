import { dirname } from 'node:path';

import { openDataset } from '@taggerjs/experiment/node';
import { overrideRecipe } from '@taggerjs/recipes';
import type { GroupView } from '@taggerjs/viz';
import { makeFolder } from '@taggerjs/weights/node';

import { CliError } from '../errors';
import { requireWritable } from '../require-writable';
import { measuring } from '../run/measuring';
import { previewExample, writeGroupFigure } from '../run/pictures';
import { openTrainedModel } from '../run/trained-model';
import { scoresTable } from '../scores/scores-table';
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
  /** How to draw all groups at once. @default 'blend' */
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
  { model: given, of, examples: drawn, seed = Math.floor(Math.random() * 2 ** 31), view, json, ...rest }: DemoArguments,
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
    const how = { ...measuring(recipe, { examples, seed }), figureExamples: drawn };
    const { figure, ...scores } = await model.evaluate(dataset, how);
    const title = `${given}, new images of ${recipe.data.type}, seed ${seed}`;
    const files = await writeGroupFigure(out, figure, { inputShape: dataset.inputShape, title, view });
    if (json) {
      output.print(JSON.stringify({ model: given, seed, ...scores, files }, null, 2));
      return;
    }
    for (const example of figure.slice(0, 1)) previewExample(output, example, dataset.inputShape, view);
    output.print(scoresTable([{ label: `${examples} new images`, evaluation: scores }]));
    output.print();
    output.print(`The groups:    ${files.map(shown).join(', ')}`);
    output.print(`The model:     ${given}. To see the same images again: --seed ${seed}`);
  } finally {
    model.dispose();
  }
}
