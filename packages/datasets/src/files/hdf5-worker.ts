import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';

/** Seconds that the library may take to answer: damaged files have caused endless loops. */
const PATIENCE = 60;

/** An array of an HDF5 file. */
export interface Hdf5Array {
  readonly shape: readonly number[];
  /** HDF5's number for the class of its type. */
  readonly typeClass: number;
  /** Bytes per element. */
  readonly size: number;
  readonly signed: boolean;
  readonly variableLength: boolean;
}

/** A table in an attribute of the file. */
export interface Hdf5Table {
  readonly columns: readonly string[];
  readonly rowCount: number;
  /** Rows of cells; `undefined` if the table is too large. For references: whether they point to something. */
  readonly rows?: readonly (readonly (string | number | boolean)[])[];
}

/** Structure of a file. */
export interface Hdf5Contents {
  /** Names at its root. */
  readonly names: readonly string[];
  /** The requested arrays that exist, by path; `null` if there is no array at the path. */
  readonly arrays: Readonly<Record<string, Hdf5Array | null>>;
  /** The table, if the attribute exists. */
  readonly table?: Hdf5Table;
}

/** An open HDF5 file. */
export interface Hdf5File {
  describe(arrays: readonly string[], table: string): Promise<Hdf5Contents>;
  /** Reads rows of an array in its own type. */
  rows(array: string, from: number, to: number): Promise<ArrayLike<number | bigint> & ArrayBufferView>;
  close(): Promise<void>;
}

/** The package h5wasm is not installed. */
export class Hdf5MissingError extends Error {
  override readonly name = 'Hdf5MissingError';
}

/**
 * Opens an HDF5 file in a new thread with its own copy of the library, which is written in C. A damaged file may make the
 * library overwrite its memory, allocate gigabytes, or loop forever; closing the file ends the thread and frees everything.
 *
 * @throws Hdf5MissingError if the package h5wasm is not installed
 */
export function openHdf5(path: string): Hdf5File {
  const worker = new Worker(PROGRAM, {
    eval: true,
    workerData: { path, module: pathToFileURL(libraryPath()).href },
    // Not printed: failures are reported as errors.
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: 1024 },
  });
  // The caller awaits each answer before it asks again.
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
  worker.on('exit', () => fail(new Error('the library stopped')));
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

/** The path of h5wasm for Node, which `require.resolve` cannot find because it is an ES module only. */
function libraryPath(): string {
  for (const folder of createRequire(import.meta.url).resolve.paths('h5wasm') ?? []) {
    const manifest = join(folder, 'h5wasm', 'package.json');
    if (!existsSync(manifest)) continue;
    const { exports } = JSON.parse(readFileSync(manifest, 'utf8')) as { exports: { './node': { import: string } } };
    return join(folder, 'h5wasm', exports['./node'].import);
  }
  throw new Hdf5MissingError('the package h5wasm is not installed');
}

/** The program of the thread, as text so that it needs no file. */
const PROGRAM = /* JavaScript */ `
const { parentPort, workerData } = require('node:worker_threads');

// Limits of a table: rows, and bytes per row.
const MOST_ROWS = 1000, MOST_BYTES = 65536;

const opening = (async () => {
  const { default: h5wasm } = await import(workerData.module);
  // Throw errors with reasons instead of printing them.
  (await h5wasm.ready).activate_throwing_error_handler();
  return new h5wasm.File(workerData.path, 'r');
})();
opening.catch(() => undefined);

function plain(value) {
  if (value !== null && typeof value === 'object' && value.ref_data) return value.ref_data.some((byte) => byte !== 0);
  // Fields are arrays of length 1.
  if (ArrayBuffer.isView(value) || Array.isArray(value)) return plain(value[0]);
  return typeof value === 'bigint' ? Number(value) : typeof value === 'object' ? '' : value;
}

// What there is at a path, such as 'train/imgs'.
function at(file, path) {
  let found = file;
  for (const name of path.split('/')) {
    if (!(found && typeof found.keys === 'function' && found.keys().includes(name))) return undefined;
    found = found.get(name);
  }
  return found;
}

function describe(file, { arrays, table: tableName }) {
  const names = file.keys();
  const found = {};
  for (const name of arrays) {
    const dataset = at(file, name);
    if (dataset === undefined) continue;
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
