import { readFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';

import { decodePng, isPng, type DatasetError } from '@taggerjs/datasets';
import { decodeNpy, toFloat32, WeightsError, type NamedTensor } from '@taggerjs/weights';

import { CliError } from '../errors';
import { imageShape } from './image-shape';

/** The name of standard input on the command line. */
const STANDARD_INPUT = '-';

/** The inputs that a model expects, and how to convert values to them. */
export interface InputOptions {
  /** Shape of one input. */
  readonly inputShape: readonly number[];
  /** Channels of a pixel: PNG images are read in color if there are three. @default the third axis of `inputShape`, if it has three */
  readonly channels?: number;
  /** Whether inputs are zeros and ones. If so, values of at least `threshold` become 1. */
  readonly binary: boolean;
  /** Threshold for ones. @default 0.5 for binary inputs, otherwise none */
  readonly threshold?: number;
  /** Whether to invert: 1 - x. */
  readonly invert: boolean;
}

/** One input to group. */
export interface NamedInput {
  /** Name of its output files. */
  readonly name: string;
  /** The path, or `-`. */
  readonly source: string;
  /** Index in the batch, if the file has several. */
  readonly index?: number;
  /** [N] */
  readonly values: Float32Array;
}

/**
 * Reads inputs from PNG and .npy files and from standard input (`-`). The first bytes determine the format.
 *
 * @throws CliError `INPUT` if an input does not fit the model, `FILE` if it cannot be read
 */
export async function readInputs(sources: readonly string[], options: InputOptions): Promise<NamedInput[]> {
  if (sources.filter((source) => source === STANDARD_INPUT).length > 1) {
    throw new CliError('USAGE', 'Standard input, -, can be read only once.');
  }
  const inputs: NamedInput[] = [];
  const taken = new Set<string>();
  for (const source of sources) {
    const bytes = await bytesOf(source);
    const shown = source === STANDARD_INPUT ? 'standard input' : source;
    const own = await decodeInputs(shown, bytes, options);
    const stem = source === STANDARD_INPUT ? 'stdin' : basename(source, extname(source));
    own.forEach((values, index) => {
      const name = unused(own.length === 1 ? stem : `${stem}-${index}`, taken);
      inputs.push({ name, source, ...(own.length > 1 && { index }), values });
    });
  }
  return inputs;
}

async function bytesOf(source: string): Promise<Uint8Array> {
  try {
    if (source !== '-') return await readFile(source);
    const chunks: Uint8Array[] = [];
    for await (const chunk of process.stdin) chunks.push(chunk as Uint8Array);
    return Buffer.concat(chunks);
  } catch (cause) {
    throw new CliError(
      'FILE',
      `'${source}' cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      {
        cause,
      },
    );
  }
}

/** Makes a name unique among the earlier inputs. */
function unused(name: string, taken: Set<string>): string {
  let free = name;
  for (let count = 2; taken.has(free); count++) free = `${name}-${count}`;
  taken.add(free);
  return free;
}

async function decodeInputs(name: string, bytes: Uint8Array, options: InputOptions): Promise<Float32Array[]> {
  const { inputShape } = options;
  if (bytes.length === 0) {
    throw new CliError('INPUT', `'${name}' is empty. Give a PNG image or an .npy array.`);
  }
  if (isPng(bytes)) {
    const [height = 1, width = 1, channels = 1] = imageShape(inputShape, options.channels);
    const check = (rows: number, columns: number) => {
      if (rows !== height || columns !== width) {
        throw new CliError(
          'INPUT',
          `'${name}' is ${columns} x ${rows} pixels (width x height), but the model expects ${width} x ${height}. ` +
            'Crop or scale it first.',
        );
      }
    };
    if (channels !== 1 && channels !== 3) {
      throw new CliError(
        'INPUT',
        `'${name}' is a PNG image, but the model expects (${inputShape.join(', ')}), ${channels} channels. Give an .npy array.`,
      );
    }
    // A plain array, because a slice of a Buffer would share memory.
    const own = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const { values } = await decodePng(own, { name: `'${name}'`, check, channels }).catch((error: unknown) => {
      if ((error as Error | null)?.name !== 'DatasetError') throw error;
      throw new CliError('INPUT', (error as DatasetError).message, { cause: error });
    });
    return [prepared(name, values, options)];
  }
  if (bytes[0] === 0x93) {
    return splitArray(name, arrayOf(name, bytes), inputShape).map((values) => prepared(name, values, options));
  }
  throw new CliError('INPUT', `'${name}' is neither a PNG image nor an .npy array. Convert it to one of them first.`);
}

function arrayOf(name: string, bytes: Uint8Array): NamedTensor {
  try {
    // A plain array, because a slice of a Buffer would share memory.
    return decodeNpy(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  } catch (cause) {
    if (!(cause instanceof WeightsError)) throw cause;
    throw new CliError('INPUT', `'${name}' cannot be read as an .npy array. ${cause.message}`, { cause });
  }
}

/** [...inputShape], [N], [B, ...inputShape] or [B, N] -> B times [N]. */
function splitArray(name: string, tensor: NamedTensor, inputShape: readonly number[]): Float32Array[] {
  const { shape } = tensor;
  const size = inputShape.reduce((product, side) => product * side, 1);
  const equal = (a: readonly number[], b: readonly number[]) =>
    a.length === b.length && a.every((side, axis) => side === b[axis]);
  const one = equal(shape, inputShape) || equal(shape, [size]);
  const rest = shape.slice(1);
  const count = one ? 1 : shape[0];
  if (!one && !(equal(rest, inputShape) || equal(rest, [size]))) {
    // Reshaping images with their channels first would mix pixels up.
    const channelsFirst = [inputShape.at(-1) as number, ...inputShape.slice(0, -1)];
    const isMoved = inputShape.length === 3 && (equal(shape, channelsFirst) || equal(rest, channelsFirst));
    throw new CliError(
      'INPUT',
      `'${name}' is an array of shape (${shape.join(', ')}), but the model expects (${inputShape.join(', ')}), or a batch ` +
        `(B, ${inputShape.join(', ')}). ` +
        (isMoved
          ? 'Move the axis of the channels to the end, in NumPy: numpy.moveaxis(a, -3, -1).'
          : 'Reshape it first.'),
    );
  }
  if (count === undefined || count === 0) throw new CliError('INPUT', `'${name}' has no examples.`);
  const values = toFloat32(tensor);
  return Array.from({ length: count }, (_, b) => values.slice(b * size, (b + 1) * size));
}

function prepared(name: string, values: Float32Array, { binary, threshold, invert }: InputOptions): Float32Array {
  const least = threshold ?? (binary ? 0.5 : undefined);
  return values.map((value, n) => {
    if (!Number.isFinite(value)) {
      throw new CliError('INPUT', `'${name}' is ${value} at element ${n}. Only finite values can be grouped.`);
    }
    // An explicit threshold defines what the values mean.
    if (binary && threshold === undefined && (value < 0 || value > 1)) {
      throw new CliError(
        'INPUT',
        `'${name}' is ${value} at element ${n}, but the model takes zeros and ones. Scale the values to [0, 1], or ` +
          'set the smallest value that becomes 1: --threshold 128.',
      );
    }
    const seen = least === undefined ? value : Number(value >= least);
    return invert ? 1 - seen : seen;
  });
}
