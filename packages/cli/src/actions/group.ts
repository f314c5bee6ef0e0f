import { join } from 'node:path';

import { type Classifier, classify } from '@taggerjs/classifier';
import type { WhichCheckpoint } from '@taggerjs/experiment/node';
import type { Recipe } from '@taggerjs/recipes';
import { group, type Grouping, type Tagger } from '@taggerjs/tagger';
import { examplesFromGrouping } from '@taggerjs/viz';
import { makeFolder, writeFileAtomic } from '@taggerjs/weights/node';

import type { CommandContext } from '../command-context';
import { imageShape } from '../images/image-shape';
import { type NamedInput, readInputs } from '../images/read-inputs';
import { labelMap, segmentImage } from '../images/segment-images';
import { type BackendName, setUpBackend } from '../run/backend';
import { refuseForClassifier } from '../run/classifier-options';
import { previewExample } from '../run/pictures';
import { openAnyModel } from '../run/trained-model';
import { classesInWords, rankClasses } from '../scores/ranked-classes';

/** Arguments and options of `tagger group`. */
export interface GroupArguments {
  model: string;
  images: string[];
  out?: string;
  iterations?: number;
  groups?: number;
  seed?: number;
  threshold?: number;
  invert: boolean;
  scale?: number;
  statistics?: 'batch' | 'calibrated';
  checkpoint?: WhichCheckpoint;
  trustModules: boolean;
  backend: BackendName;
  threads?: number;
  json: boolean;
}

/** Runs `tagger group`. */
export async function runGroup(args: GroupArguments, { output }: CommandContext): Promise<void> {
  const { checkpoint, trustModules } = args;
  await setUpBackend(args);
  const { model, recipe } = await openAnyModel(args.model, { checkpoint, trustModules });
  try {
    if (model.kind === 'classifier') await classifyImages(model.classifier, args, output);
    else await groupImages(model.tagger, recipe, args, output);
  } finally {
    model.dispose();
  }
}

/** Writes segments, labels and JSON for each image. */
async function groupImages(
  tagger: Tagger,
  recipe: Recipe | undefined,
  args: GroupArguments,
  output: CommandContext['output'],
): Promise<void> {
  const { out = 'groups', seed = 0, scale = 8 } = args;
  const { inputShape, noise } = tagger.config;
  const inputs = await readInputs(args.images, {
    inputShape,
    channels: tagger.channels,
    binary: noise.type === 'bitflip',
    invert: args.invert,
    ...(args.threshold !== undefined && { threshold: args.threshold }),
  });
  const evaluation = recipe?.evaluation;
  const how = {
    groups: args.groups ?? evaluation?.groups ?? tagger.config.groups,
    iterations: args.iterations ?? evaluation?.iterations ?? tagger.config.iterations,
    seed,
    ...(args.statistics !== undefined && { statistics: args.statistics }),
  };
  const shape = imageShape(inputShape, tagger.channels);
  await makeFolder(out);

  const results: object[] = [];
  for (const { input, grouping, row } of await groupAll(tagger, inputs, how)) {
    const P = tagger.pixels;
    const segmentsAt = (iteration: number) =>
      (grouping.iterations[iteration]?.segments as Uint8Array).slice(row * P, (row + 1) * P);
    const last = grouping.iterations.length - 1;
    const segments = segmentsAt(last);
    const files = {
      segments: join(out, `${input.name}-segments.png`),
      labels: join(out, `${input.name}-labels.png`),
      json: join(out, `${input.name}.json`),
    };
    const posteriors = grouping.iterations[last]?.classPosterior;
    const posterior = posteriors && rowOf(posteriors, grouping, row);
    const result = {
      source: input.source,
      ...(input.index !== undefined && { index: input.index }),
      model: args.model,
      inputShape,
      groups: how.groups,
      seed: how.seed,
      ...sizesOf(segments, how.groups),
      // With batch statistics, all images are grouped in one batch.
      costOf: grouping.size === 1 ? 'image' : 'batch',
      cost: grouping.iterations[last]?.cost,
      ...(posterior && { classes: rankClasses(posterior) }),
      iterations: grouping.iterations.map(({ cost }, i) => ({
        iteration: i + 1,
        cost,
        ...sizesOf(segmentsAt(i), how.groups),
      })),
      files,
    };
    await writeFileAtomic(files.segments, segmentImage(segments, shape, { groups: how.groups, scale }));
    await writeFileAtomic(files.labels, labelMap(segments, shape));
    await writeFileAtomic(files.json, `${JSON.stringify(result, null, 2)}\n`);
    results.push(result);
    if (args.json) continue;
    const [example] = examplesFromGrouping(grouping, { inputs: rowsOf(inputs, grouping, input), indices: [row] });
    if (example && results.length <= 3) previewExample(output, example, shape);
    output.print(
      `${input.source}${input.index === undefined ? '' : ` [${input.index}]`}: ${result.groupsUsed} of ${how.groups} ` +
        `groups used, elements ${result.sizes.join(' ')}, cost ${result.cost?.toFixed(4)}` +
        `${posterior ? `, class ${classesInWords(posterior)}` : ''}; ${files.segments}`,
    );
  }
  if (args.json) output.print(JSON.stringify({ model: args.model, images: results }, null, 2));
}

/** Classifies images, and writes a JSON file and a line of output for each. */
async function classifyImages(
  classifier: Classifier,
  args: GroupArguments,
  output: CommandContext['output'],
): Promise<void> {
  const { iterations, groups, seed, scale, out = 'classes', statistics } = args;
  refuseForClassifier(args.model, { iterations, groups, seed, scale });
  const { inputShape } = classifier.config;
  const inputs = await readInputs(args.images, {
    inputShape,
    binary: false,
    invert: args.invert,
    ...(args.threshold !== undefined && { threshold: args.threshold }),
  });
  const all = Float32Array.from(inputs.flatMap(({ values }) => [...values]));
  const posteriors = await classify(classifier, all, {
    ...(statistics && { statistics, batchSize: inputs.length }),
  });
  await makeFolder(out);
  const results: object[] = [];
  for (const [i, { name, source, index }] of inputs.entries()) {
    const posterior = rowOf(posteriors, { size: inputs.length }, i);
    const file = join(out, `${name}.json`);
    const result = {
      source,
      ...(index !== undefined && { index }),
      model: args.model,
      inputShape,
      classes: rankClasses(posterior),
      files: { json: file },
    };
    await writeFileAtomic(file, `${JSON.stringify(result, null, 2)}\n`);
    results.push(result);
    if (args.json) continue;
    output.print(`${source}${index === undefined ? '' : ` [${index}]`}: class ${classesInWords(posterior)}; ${file}`);
  }
  if (args.json) output.print(JSON.stringify({ model: args.model, images: results }, null, 2));
}

/** Groups images one at a time, so that they are independent of each other. Uses a single batch with batch statistics. */
async function groupAll(
  tagger: Tagger,
  inputs: readonly NamedInput[],
  how: { groups: number; iterations: number; seed: number; statistics?: 'batch' | 'calibrated' },
): Promise<{ input: NamedInput; grouping: Grouping; row: number }[]> {
  if (how.statistics === 'batch') {
    const all = Float32Array.from(inputs.flatMap(({ values }) => [...values]));
    const grouping = await group(tagger, all, { ...how, batchSize: inputs.length });
    return inputs.map((input, row) => ({ input, grouping, row }));
  }
  const results = [];
  for (const input of inputs) results.push({ input, grouping: await group(tagger, input.values, how), row: 0 });
  return results;
}

/** Takes one row of a batch: [B, any] -> [any] */
function rowOf(values: Float32Array, { size }: { readonly size: number }, row: number): Float32Array {
  const length = values.length / size;
  return values.subarray(row * length, (row + 1) * length);
}

/** The inputs of a grouping, [B, N]: a single one, or all inputs of a batch. */
function rowsOf(inputs: readonly NamedInput[], grouping: Grouping, input: NamedInput): Float32Array {
  return grouping.size === 1 ? input.values : Float32Array.from(inputs.flatMap(({ values }) => [...values]));
}

/** Counts the elements of each group. A group with at least 1 % of all elements counts as used. */
function sizesOf(segments: Uint8Array, groups: number): { sizes: number[]; groupsUsed: number } {
  const sizes = Array.from({ length: groups }, () => 0);
  for (const segment of segments) sizes[segment] = (sizes[segment] as number) + 1;
  return { sizes, groupsUsed: sizes.filter((size) => size >= segments.length / 100).length };
}
