import { TaggerError, type TreeValues } from '@taggerjs/nn';
import { decodeSafetensors, encodeSafetensors, type NamedTensor } from '@taggerjs/weights';

import type { TrainingState } from './training-state';

const FORMAT = 'taggerjs-checkpoint';
const VERSION = '1';
/** Its data come last in the file, because no dtype is narrower. */
const CHECKSUM = 'checksum';
const CHECKSUM_BYTES = 32;

/** The trees of a state, and the prefixes of their tensors. */
const PREFIXES = {
  parameters: 'parameter:',
  modelState: 'state:',
  moments: 'optimizer:',
  weights: 'average:',
} as const;

type Trees = Record<keyof typeof PREFIXES, Record<string, TreeValues[string]>>;

/** A training's state and further information. */
export interface Checkpoint {
  /** The training at one moment. */
  readonly state: TrainingState;
  /** Anything that is JSON: the configuration, the backend, the number of metrics written, ... */
  readonly info: Readonly<Record<string, unknown>>;
}

/**
 * Encodes a checkpoint: a safetensors file with the tensors of the state, and its numbers and `info` as JSON in the metadata. Its
 * last 32 bytes, the tensor `checksum`, are the SHA-256 of all bytes before, in every version of the format, to distinguish a
 * damaged file from one of another version. Restoring gives the same bits.
 *
 * @throws TaggerError `INVALID_OPTION` if `info` is not JSON, or the engine has no Web Crypto
 */
export async function encodeCheckpoint({ state, info }: Checkpoint): Promise<Uint8Array> {
  const { parameters, modelState, optimizer, ema, labeled, ...numbers } = state;
  const trees = { parameters, modelState, moments: optimizer.moments, weights: ema?.weights ?? {} };
  const tensors: Record<string, NamedTensor> = Object.create(null);
  for (const [tree, prefix] of Object.entries(PREFIXES)) {
    for (const [name, { shape, data }] of Object.entries(trees[tree as keyof typeof PREFIXES])) {
      tensors[prefix + name] = { dtype: 'F32', shape: [...shape], data };
    }
  }
  tensors[CHECKSUM] = { dtype: 'U8', shape: [CHECKSUM_BYTES], data: new Uint8Array(CHECKSUM_BYTES) };
  const metadata = {
    format: FORMAT,
    version: VERSION,
    state: json({ ...numbers, labelled: labeled, optimizerStep: optimizer.step, averageUpdates: ema && ema.updates }),
    info: json(info),
  };
  const bytes = encodeSafetensors(tensors, { metadata });
  const end = bytes.length - CHECKSUM_BYTES;
  bytes.set(await sha256(bytes.subarray(0, end)), end);
  return bytes;
}

/**
 * Decodes a checkpoint of {@link encodeCheckpoint}, after it verifies the checksum. The state's arrays may be views into
 * `bytes`: do not change these while the state is in use.
 *
 * @throws TaggerError `INVALID_FILE` if the bytes are damaged or not a checkpoint, `UNSUPPORTED_VERSION` if they have another
 *   format version, `INVALID_OPTION` if they are not a `Uint8Array` or the engine has no Web Crypto
 */
export async function decodeCheckpoint(bytes: Uint8Array): Promise<Checkpoint> {
  if (Object.prototype.toString.call(bytes) !== '[object Uint8Array]') {
    throw new TaggerError('INVALID_OPTION', 'decodeCheckpoint: expected the bytes of the file as a Uint8Array.');
  }
  const end = bytes.length - CHECKSUM_BYTES;
  const sum = end > 0 ? await sha256(bytes.subarray(0, end)) : undefined;
  if (!sum?.every((byte, i) => byte === bytes[end + i])) {
    throw invalid('the file is damaged (wrong checksum). Use the checkpoint before it');
  }
  let decoded: ReturnType<typeof decodeSafetensors>;
  try {
    decoded = decodeSafetensors(bytes);
  } catch (cause) {
    throw invalid(`not a safetensors file: ${(cause as Error).message}`, cause);
  }
  const { tensors, metadata } = decoded;
  if (metadata['format'] !== FORMAT) throw invalid(`its metadata does not say format '${FORMAT}'`);
  if (metadata['version'] !== VERSION) {
    throw new TaggerError(
      'UNSUPPORTED_VERSION',
      `decodeCheckpoint: the checkpoint has format version ${metadata['version']}; this release reads version ${VERSION}. ` +
        'Resume with the release that wrote it.',
    );
  }
  const { averageUpdates, optimizerStep, labelled, ...numbers } = stateNumbers({
    // Absent in older checkpoints.
    labelled: null,
    ...parse(metadata['state'], 'state'),
  });
  const { parameters, modelState, moments, weights } = readTrees(tensors);
  const state: TrainingState = {
    ...numbers,
    labeled: labelled,
    parameters,
    modelState,
    optimizer: { step: optimizerStep, moments },
    ema: averageUpdates === null ? null : { updates: averageUpdates, weights },
  };
  return { state, info: parse(metadata['info'], 'info') };
}

function readTrees(tensors: Readonly<Record<string, NamedTensor>>): Trees {
  // Without a prototype, because a tensor may have any name.
  const trees = Object.fromEntries(Object.keys(PREFIXES).map((tree) => [tree, Object.create(null)])) as Trees;
  for (const [name, { dtype, shape, data }] of Object.entries(tensors)) {
    if (name === CHECKSUM) continue;
    const [tree, prefix] = Object.entries(PREFIXES).find(([, prefix]) => name.startsWith(prefix)) ?? [];
    if (tree === undefined || prefix === undefined || dtype !== 'F32') {
      throw invalid(
        `it holds a tensor ${JSON.stringify(name.slice(0, 80))} of dtype ${dtype}, which is not part of a state`,
      );
    }
    trees[tree as keyof Trees][name.slice(prefix.length)] = { shape, data };
  }
  return trees;
}

const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;
const isSeconds = (value: unknown) => typeof value === 'number' && value >= 0;

/** Checks of a state's numbers. */
const NUMBERS: Readonly<Record<string, (value: unknown) => boolean>> = {
  step: isCount,
  seconds: isSeconds,
  skipped: isCount,
  evaluated: (value) => value === null || (isRecord(value) && isCount(value['step']) && isSeconds(value['seconds'])),
  seed: (value) => typeof value === 'number' || typeof value === 'string',
  batchSize: isCount,
  examples: isCount,
  labelled: (value) => value === null || (isRecord(value) && isCount(value['examples']) && isCount(value['batchSize'])),
  optimizerStep: isCount,
  averageUpdates: (value) => value === null || isCount(value),
};

type StateNumbers = Omit<TrainingState, 'parameters' | 'modelState' | 'optimizer' | 'ema' | 'labeled'> & {
  /** {@link TrainingState.labeled}, by its name on disk. */
  readonly labelled: TrainingState['labeled'];
  readonly optimizerStep: number;
  readonly averageUpdates: number | null;
};

function stateNumbers(value: Readonly<Record<string, unknown>>): StateNumbers {
  const wrong = Object.entries(NUMBERS).filter(([name, fits]) => !Object.hasOwn(value, name) || !fits(value[name]));
  if (wrong.length > 0) {
    throw invalid(`its state lacks a valid ${wrong.map(([name]) => name).join(', ')}`);
  }
  return Object.fromEntries(Object.keys(NUMBERS).map((name) => [name, value[name]])) as unknown as StateNumbers;
}

function parse(text: string | undefined, name: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text ?? '');
  } catch (cause) {
    throw invalid(`its metadata has no '${name}' that is JSON`, cause);
  }
  if (!isRecord(value)) throw invalid(`its metadata has no '${name}' that is an object`);
  return value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function json(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (cause) {
    throw new TaggerError('INVALID_OPTION', 'encodeCheckpoint: info must be plain JSON.', { cause });
  }
}

async function sha256(bytes: Uint8Array): Promise<Uint8Array> {
  const subtle = (globalThis.crypto as Crypto | undefined)?.subtle as SubtleCrypto | undefined;
  if (subtle === undefined) {
    throw new TaggerError(
      'INVALID_OPTION',
      'Checkpoints require Web Crypto: Node 20 or newer, or a page served over https or from localhost.',
    );
  }
  // Web Crypto refuses shared memory.
  const own = Object.prototype.toString.call(bytes.buffer) === '[object ArrayBuffer]' ? bytes : new Uint8Array(bytes);
  return new Uint8Array(await subtle.digest('SHA-256', own as Uint8Array<ArrayBuffer>));
}

function invalid(problem: string, cause?: unknown): TaggerError {
  const options = cause === undefined ? undefined : { cause };
  return new TaggerError('INVALID_FILE', `decodeCheckpoint: ${problem}.`, options);
}
