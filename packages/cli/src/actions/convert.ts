import { loadModel, taggerConfigOf } from '@taggerjs/experiment';
import { openDataset } from '@taggerjs/experiment/node';
import type { ComponentRecipe } from '@taggerjs/recipes';
import { convertOriginal } from '@taggerjs/tagger';
import { readBytes, writeFileAtomic } from '@taggerjs/weights/node';

import type { CommandContext } from '../command-context';
import type { RecipeValues } from '../command-line/recipe-values';
import { CliError } from '../errors';
import { requireWritable } from '../require-writable';
import { type BackendName, setUpBackend } from '../run/backend';
import { readRecipe } from '../run/read-recipe';

/** Arguments and options of `tagger convert`. */
export interface ConvertArguments {
  file: string;
  recipe: string;
  out: string;
  calibrate: boolean;
  data?: string;
  set: RecipeValues;
  backend: BackendName;
  threads?: number;
  json: boolean;
}

/** Runs `tagger convert`. */
export async function runConvert(args: ConvertArguments, { output }: CommandContext): Promise<void> {
  const { recipe, folder: baseFolder } = await readRecipe(args, args.set);
  const { model } = recipe;
  if (model.type === 'classifier') {
    throw new CliError(
      'USAGE',
      `The recipe '${recipe.name}' describes a classifier. Give one that describes a Tagger, such as shapes-paper.`,
    );
  }
  const { noise, noiseLevel } = noiseOf(model.noise);
  const bytes = await readBytes(args.file);
  await requireWritable(args.out);
  await setUpBackend(args);
  const dataset = await openDataset(recipe, 'train', { baseFolder });
  const { inputShape, initialPrediction, groups, iterations, core } = await taggerConfigOf(recipe, dataset);
  const { mapping } = core as { readonly mapping?: { readonly classes?: unknown } };
  let converted: Uint8Array;
  try {
    converted = convertOriginal(bytes, {
      ...{ inputShape, initialPrediction, groups, iterations, noise, noiseLevel },
      classes: typeof mapping?.classes === 'number',
    });
  } catch (cause) {
    throw new CliError(
      'INPUT',
      `'${args.file}' cannot be converted with the recipe '${recipe.name}': ${messageOf(cause)}`,
      {
        cause,
      },
    );
  }
  const tagger = await loadModel(converted);
  const { parameterCount: parameters } = tagger;
  try {
    if (args.calibrate) await tagger.calibrate(recipe, dataset);
    await writeFileAtomic(args.out, await tagger.save({ metadata: { recipe: recipe.name } }));
  } finally {
    tagger.dispose();
  }
  if (args.json) {
    const { calibrate: calibrated } = args;
    output.print(JSON.stringify({ file: args.out, recipe: recipe.name, parameters, calibrated }, null, 2));
    return;
  }
  output.print(`${args.out}: ${parameters.toLocaleString('en')} parameters, ${args.calibrate ? '' : 'not '}calibrated`);
  if (!args.calibrate) {
    output.note('The original normalizes by the statistics of each batch. Group with --statistics batch, or convert with --calibrate.'); // prettier-ignore
  }
}

/** Converts a recipe's noise to the original project's noise options. */
function noiseOf(noise: ComponentRecipe): { noise: 'bitflip' | 'gaussian'; noiseLevel: number } {
  if (noise.type === 'bitflip') return { noise: 'bitflip', noiseLevel: noise['probability'] as number };
  if (noise.type === 'gaussian') return { noise: 'gaussian', noiseLevel: noise['standardDeviation'] as number };
  throw new CliError('USAGE', `The original supports the noise types bitflip and gaussian, not '${noise.type}'.`);
}

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
