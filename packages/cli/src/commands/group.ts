import { join } from 'node:path';

import { classify, type Classifier } from '@taggerjs/classifier';
import { loadIfClassifier, loadModel } from '@taggerjs/experiment/node';
import { group, type Grouping, type Tagger } from '@taggerjs/tagger';
import { examplesFromGrouping } from '@taggerjs/viz';
import type { CommandModule } from 'yargs';
import { makeFolder, writeFileAtomic } from '@taggerjs/weights/node';

import { imageShape } from '../images/image-shape';
import { readInputs, type NamedInput } from '../images/read-inputs';
import { labelMap, segmentImage } from '../images/segment-images';
import type { CommandContext } from '../main';
import { classesInWords, rankClasses } from '../scores/ranked-classes';
import { backendOptions, setUpBackend, type BackendName } from '../run/backend';
import { checkpointOption, parseCheckpoint } from '../run/checkpoint-option';
import { refuseForClassifier } from '../run/classifier-options';
import { previewExample } from '../run/pictures';

interface GroupArguments {
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
  checkpoint?: string;
  'trust-modules': boolean;
  backend: BackendName;
  threads?: number;
  json: boolean;
}

/** `tagger group RUN|MODEL IMAGE...` */
export function groupCommand({ output }: CommandContext): CommandModule<object, GroupArguments> {
  return {
    command: 'group <model> <images..>',
    describe: "Group images of one's own, or classify them by a classifier: PNG files, .npy arrays, or standard input",
    builder: (yargs) =>
      yargs
        .positional('model', { type: 'string', demandOption: true, describe: 'Folder of a run, or a model file' })
        .positional('images', {
          type: 'string',
          array: true,
          demandOption: true,
          describe: 'PNG files, .npy arrays of one image or several, - for standard input',
        })
        .options({
          out: { type: 'string', describe: 'Folder for the results [default: groups; of a classifier, classes]' },
          iterations: {
            type: 'number',
            describe: "Iterations T [default: the recipe's evaluation; of a file the model's]",
          },
          groups: { type: 'number', describe: "Groups K [default: the recipe's evaluation, or the model's]" },
          seed: { type: 'number', describe: 'Seed of the initial assignments [default: 0]' },
          threshold: {
            type: 'number',
            describe: 'What is at least this is a one, the rest zeros [default for binary models: 0.5]',
          },
          invert: { type: 'boolean', default: false, describe: 'Take 1 - x: for dark figures on a light ground' },
          scale: { type: 'number', describe: 'Pixels to an element in the picture of the segments [default: 8]' },
          statistics: {
            choices: ['batch', 'calibrated'] as const,
            describe: 'Statistics of batch normalization [default: calibrated]',
          },
          'trust-modules': {
            type: 'boolean',
            default: false,
            describe: 'Run the modules that a model file names; do so only with files you trust',
          },
          ...checkpointOption,
          ...backendOptions,
          json: { type: 'boolean', default: false, describe: 'Print JSON' },
        })
        .example('$0 group runs/mine a.png b.png', 'writes groups/a-segments.png, a-labels.png, a.json, ...')
        .example('$0 group model.safetensors images.npy --groups 6', 'a model file alone, with more groups')
        .example('$0 group runs/digits a.png', 'the classes that a classifier finds')
        .example('cat a.png | $0 group runs/mine - --json', 'from another program, for another program') as never,
    handler: (args) => runGroup(args, output),
  };
}

async function runGroup(args: GroupArguments, output: CommandContext['output']): Promise<void> {
  const checkpoint = parseCheckpoint(args.checkpoint);
  const { out = 'groups', seed = 0, scale = 8 } = args;
  await setUpBackend(args);
  const classifier = await loadIfClassifier(args.model, checkpoint);
  if (classifier) return classifyImages(classifier, args, output);
  const { tagger, run } = await loadModel(args.model, { checkpoint, trustModules: args['trust-modules'] });
  try {
    const { inputShape, noise } = tagger.config;
    const inputs = await readInputs(args.images, {
      inputShape,
      binary: noise.type === 'bitflip',
      invert: args.invert,
      ...(args.threshold !== undefined && { threshold: args.threshold }),
    });
    const evaluation = run?.config.recipe.evaluation;
    const how = {
      groups: args.groups ?? evaluation?.groups ?? tagger.config.groups,
      iterations: args.iterations ?? evaluation?.iterations ?? tagger.config.iterations,
      seed,
      ...(args.statistics !== undefined && { statistics: args.statistics }),
    };
    const shape = imageShape(inputShape);
    await makeFolder(out);

    const results: object[] = [];
    for (const { input, grouping, row } of await groupAll(tagger, inputs, how)) {
      const N = tagger.inputSize;
      const segmentsAt = (iteration: number) =>
        (grouping.iterations[iteration]?.segments as Uint8Array).slice(row * N, (row + 1) * N);
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
        // Under statistics of the batch the images are grouped together.
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
  } finally {
    tagger.dispose();
  }
}

/** What a classifier makes of images: a file of JSON for each, and a line. */
async function classifyImages(
  classifier: Classifier,
  args: GroupArguments,
  output: CommandContext['output'],
): Promise<void> {
  try {
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
  } finally {
    classifier.dispose();
  }
}

/** One image at a time, so that an image's groups do not depend on the others; together under the batch's statistics. */
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

/** What belongs to one of the inputs that were grouped together: [B, any] -> [any] */
function rowOf(values: Float32Array, { size }: { readonly size: number }, row: number): Float32Array {
  const length = values.length / size;
  return values.subarray(row * length, (row + 1) * length);
}

/** [B, N] of the inputs that were grouped together. */
function rowsOf(inputs: readonly NamedInput[], grouping: Grouping, input: NamedInput): Float32Array {
  return grouping.size === 1 ? input.values : Float32Array.from(inputs.flatMap(({ values }) => [...values]));
}

/** How many elements each group won; a group is used that won at least one in a hundred. */
function sizesOf(segments: Uint8Array, groups: number): { sizes: number[]; groupsUsed: number } {
  const sizes = Array.from({ length: groups }, () => 0);
  for (const segment of segments) sizes[segment] = (sizes[segment] as number) + 1;
  return { sizes, groupsUsed: sizes.filter((size) => size >= segments.length / 100).length };
}
