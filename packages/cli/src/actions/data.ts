import { channelsOf, type Dataset, type Split } from '@taggerjs/datasets';
import { openDataset } from '@taggerjs/experiment/node';
import { parseRecipe } from '@taggerjs/recipes';
import { encodeNpz, type NamedTensor } from '@taggerjs/weights';
import { writeFileAtomic } from '@taggerjs/weights/node';

import type { CommandContext } from '../command-context';
import { commandLine } from '../command-line/command-line';
import { CliError } from '../errors';
import { writeDataPicture } from '../pictures/data-picture';
import { requireWritable } from '../require-writable';
import { shown } from '../shown-path';

const SPLITS = ['train', 'validation', 'test'] as const;
/** Examples per batch. */
const BATCH = 1000;

/** Arguments and options of `tagger data`. */
export interface DataArguments {
  kind: 'shapes' | 'tetrominoes' | 'multi-dsprites' | 'mnist' | 'texture-mnist-1' | 'texture-mnist-2';
  out?: string;
  picture?: string;
  examples?: number;
  seed?: number;
  sizes?: Readonly<Record<Split, number>>;
  colors?: 'rgb' | 'gray' | 'binary';
  side?: number;
  mnist?: string;
  compress: boolean;
  json: boolean;
}

/** Runs `tagger data`. */
export async function runData(args: DataArguments, { output }: CommandContext): Promise<void> {
  const { kind, out, picture, examples, seed = 0, sizes, colors, side, compress } = args;
  if (out === undefined && picture === undefined)
    throw new CliError('USAGE', `Nothing to write. Pass --out ${kind}.npz or --picture ${kind}.svg.`);
  if (examples !== undefined && picture === undefined)
    throw new CliError('USAGE', '--examples needs a file to draw to: --picture examples.svg.');
  if (out !== undefined && !out.endsWith('.npz'))
    throw new CliError('USAGE', `--out takes an .npz file, such as ${kind}.npz, not '${out}'.`);
  if (kind === 'mnist' && sizes !== undefined)
    throw new CliError('USAGE', 'MNIST has a fixed size. Leave out --sizes.');
  if (args.mnist !== undefined && !kind.includes('mnist'))
    throw new CliError('USAGE', `'${kind}' does not use MNIST. Leave out --mnist.`);
  if (colors !== undefined && kind !== 'tetrominoes' && kind !== 'multi-dsprites')
    throw new CliError('USAGE', `'${kind}' has no other colors. Leave out --colors.`);
  if (side !== undefined && kind !== 'tetrominoes' && kind !== 'multi-dsprites')
    throw new CliError('USAGE', `'${kind}' has one size of images. Leave out --side.`);
  if (kind === 'mnist' && args.seed !== undefined)
    throw new CliError('USAGE', 'MNIST is not random. Leave out --seed.');
  for (const file of [out, picture]) if (file !== undefined) await requireWritable(file);
  const recipe = parseRecipe({
    name: 'data',
    data: {
      type: kind,
      ...(kind !== 'mnist' && { seed }),
      ...(sizes && { sizes }),
      ...(colors && { colors }),
      ...(side !== undefined && { side }),
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
    `${shown(out)} written in ${seconds.toFixed(1)} s. To train on it: ${commandLine(['train', 'RECIPE', '--data', shown(out)])}`,
  );
}

/** All examples of a split. Stores inputs that are zeros and ones as bytes. */
async function tensorsOf(dataset: Dataset): Promise<Record<string, NamedTensor>> {
  const { size, inputShape, labelsPerExample } = dataset;
  const N = inputShape.reduce((product, side) => product * side, 1);
  const channels = channelsOf(inputShape);
  const P = N / channels;
  const inputs = new Float32Array(size * N);
  const segments = new Uint8Array(size * P);
  const background = new Uint8Array(segments.length);
  const labels = new Uint8Array(size * labelsPerExample);
  let segmented = false;
  let knowsBackground = false;
  let at = 0;
  for await (const batch of dataset.batches({ batchSize: Math.min(BATCH, size), epochs: 1, partial: true })) {
    inputs.set(batch.inputs, at * N);
    if (batch.segments) {
      segmented = true;
      segments.set(batch.segments, at * P);
    }
    if (batch.background) {
      knowsBackground = true;
      background.set(batch.background, at * P);
    }
    if (batch.labels) labels.set(batch.labels, at * labelsPerExample);
    at += batch.size;
  }
  const shape = [size, ...inputShape];
  // The channels of a pixel share its segment.
  const ofPixels = channels === 1 ? shape : shape.slice(0, -1);
  const binary = inputs.every((value) => value === 0 || value === 1);
  return {
    inputs: binary ? { dtype: 'U8', shape, data: Uint8Array.from(inputs) } : { dtype: 'F32', shape, data: inputs },
    ...(segmented && { segments: { dtype: 'U8', shape: ofPixels, data: segments } as const }),
    ...(knowsBackground && { background: { dtype: 'U8', shape: ofPixels, data: background } as const }),
    ...(labelsPerExample > 0 && { labels: { dtype: 'U8', shape: [size, labelsPerExample], data: labels } as const }),
  };
}
