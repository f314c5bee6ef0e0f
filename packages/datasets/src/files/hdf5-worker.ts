import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';

/** Seconds that the library may take to answer: damaged files have made it go round in circles. */
const PATIENCE = 60;

/** An array of an HDF5 file. */
export interface Hdf5Array {
  readonly shape: readonly number[];
  /** Class of its type, as HDF5 numbers them. */
  readonly typeClass: number;
  /** Bytes of an element. */
  readonly size: number;
  readonly signed: boolean;
  readonly variableLength: boolean;
}

/** A table that is an attribute of the file. */
export interface Hdf5Table {
  readonly columns: readonly string[];
  readonly rowCount: number;
  /** By column; `undefined` where the table is larger than it may be. Of a reference: whether it refers to something. */
  readonly rows?: readonly (readonly (string | number | boolean)[])[];
}

/** What is asked for of a file. */
export interface Hdf5Contents {
  /** Names at its root. */
  readonly names: readonly string[];
  /** Those arrays asked for that are there; `null` where something else has the name. */
  readonly arrays: Readonly<Record<string, Hdf5Array | null>>;
  /** The table, where there is an attribute of its name. */
  readonly table?: Hdf5Table;
}

/** An open HDF5 file. */
export interface Hdf5File {
  describe(arrays: readonly string[], table: string): Promise<Hdf5Contents>;
  /** Rows of an array, in the type it has. */
  rows(array: string, from: number, to: number): Promise<ArrayLike<number | bigint> & ArrayBufferView>;
  close(): Promise<void>;
}

/** The library is not there. */
export class Hdf5MissingError extends Error {
  override readonly name = 'Hdf5MissingError';
}

/**
 * Opens an HDF5 file in a thread of its own, with a copy of the library of its own. A damaged file may make the library, which
 * is written in C, overwrite its own memory, ask for gigabytes, or never end: then its thread is ended, and with it all that
 * was spoilt.
 *
 * @throws Hdf5MissingError where the package h5wasm is not installed
 */
export function openHdf5(path: string): Hdf5File {
  const worker = new Worker(PROGRAM, {
    eval: true,
    workerData: { path, module: pathToFileURL(libraryPath()).href },
    // What the library prints when it breaks is told as an error.
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: 1024 },
  });
  // One question at a time: whoever reads waits for the answer.
  let pending: { answer(value: unknown): void; refuse(error: Error): void } | undefined;
  let failure: Error | undefined;
  const fail = (error: Error) => {
    failure ??= error;
    pending?.refuse(error);
  };
  worker.on('message', ({ error, value }: { error?: string; value?: unknown }) => {
    if (error === undefined) pending?.answer(value);
    else pending?.refuse(new Error(error));
  });
  worker.on('error', fail);
  worker.on('exit', () => fail(new Error('the library ended')));
  const ask = async <Answer>(question: Readonly<Record<string, unknown>>): Promise<Answer> => {
    if (failure !== undefined) throw failure;
    let timer: NodeJS.Timeout | undefined;
    try {
      return (await new Promise<unknown>((answer, refuse) => {
        pending = { answer, refuse };
        const late = () => refuse(new Error(`it takes more than ${PATIENCE} seconds to read`));
        timer = setTimeout(late, 1000 * PATIENCE);
        worker.postMessage(question);
      })) as Answer;
    } finally {
      clearTimeout(timer);
      pending = undefined;
    }
  };
  return {
    describe: (arrays, table) => ask({ kind: 'describe', arrays, table }),
    rows: (array, from, to) => ask({ kind: 'rows', array, from, to }),
    async close() {
      await worker.terminate();
    },
  };
}

/** The file of h5wasm for Node: it can be imported, but not required, so that Node resolves it for modules only. */
function libraryPath(): string {
  for (const folder of createRequire(import.meta.url).resolve.paths('h5wasm') ?? []) {
    const manifest = join(folder, 'h5wasm', 'package.json');
    if (!existsSync(manifest)) continue;
    const { exports } = JSON.parse(readFileSync(manifest, 'utf8')) as { exports: { './node': { import: string } } };
    return join(folder, 'h5wasm', exports['./node'].import);
  }
  throw new Hdf5MissingError('the package h5wasm is not installed');
}

/** What runs in the thread: plain JavaScript, which needs no file of its own. */
const PROGRAM = /* JavaScript */ `
const { parentPort, workerData } = require('node:worker_threads');

// A table may have this many rows of this many bytes.
const MOST_ROWS = 1000, MOST_BYTES = 65536;

const opening = (async () => {
  const { default: h5wasm } = await import(workerData.module);
  // Errors with reasons, in the place of prints.
  (await h5wasm.ready).activate_throwing_error_handler();
  return new h5wasm.File(workerData.path, 'r');
})();
opening.catch(() => undefined);

function plain(value) {
  if (value !== null && typeof value === 'object' && value.ref_data) return value.ref_data.some((byte) => byte !== 0);
  // Fields come as arrays of one.
  if (ArrayBuffer.isView(value) || Array.isArray(value)) return plain(value[0]);
  return typeof value === 'bigint' ? Number(value) : typeof value === 'object' ? '' : value;
}

function describe(file, { arrays, table: tableName }) {
  const names = file.keys();
  const found = {};
  for (const name of arrays) {
    if (!names.includes(name)) continue;
    const dataset = file.get(name);
    if (dataset === null || dataset.type !== 'Dataset') { found[name] = null; continue; }
    const { shape, type, size, signed, vlen } = dataset.metadata;
    found[name] = { shape: [...(shape ?? [])], typeClass: type, size, signed, variableLength: vlen };
  }
  const attribute = file.attrs[tableName];
  if (attribute === undefined) return { names, arrays: found };
  const { compound_type: compound, total_size: rowCount, size } = attribute.metadata;
  const columns = (compound?.members ?? []).map(({ name }) => name);
  const readable = columns.length > 0 && rowCount <= MOST_ROWS && size <= MOST_BYTES;
  const rows = readable ? attribute.value.map((row) => row.map(plain)) : undefined;
  return { names, arrays: found, table: { columns, rowCount, rows } };
}

function rows(file, { array, from, to }) {
  const dataset = file.get(array);
  return dataset.slice([[from, to], ...dataset.metadata.shape.slice(1).map(() => [])]);
}

parentPort.on('message', async (question) => {
  try {
    const file = await opening;
    parentPort.postMessage({ value: question.kind === 'rows' ? rows(file, question) : describe(file, question) });
  } catch (error) {
    parentPort.postMessage({ error: error instanceof Error ? error.message : String(error) });
  }
});
`;
