import type { Recipe } from '@taggerjs/recipes';
import type { Transfer } from '@taggerjs/tagger';

/** What computes a run, as its files record it. */
export interface BackendDescription {
  /** A short name, such as `wasm`. */
  readonly name: string;
  /** For people, such as `WebAssembly SIMD, 2 threads`. Old checkpoints may lack it. */
  readonly description?: string;
  /** Number of CPU threads. */
  readonly threads: number;
  /** Names of the taggerjs kernels in use. */
  readonly kernels: readonly string[];
}

/** SHA-256 checksums, in hexadecimal, of the examples that a run trains on and evaluates on. */
export interface DataDigest {
  /** Of the training examples. */
  readonly train: string;
  /** Of the validation examples. */
  readonly validation: string;
}

/** Where the initial parameters of a run come from, as `config.json` records it. */
export interface RunSource extends Transfer {
  /** Path of the model file. */
  readonly model: string;
  /** SHA-256 checksum of the file, in hexadecimal. A run that restarts needs the same file. */
  readonly sha256: string;
  /** Values of the model's configuration that differ: `{ 'noise.type': [then, now] }`. */
  readonly differences: Readonly<Record<string, readonly [unknown, unknown]>>;
}

/** The contents of `config.json`: everything needed to repeat the run. */
export interface RunConfig {
  /** Version of taggerjs that started the run. */
  readonly version: string;
  /** When it started, ISO 8601. */
  readonly started: string;
  /** Versions, machine and backend that it started on. */
  readonly environment: Readonly<Record<string, unknown>>;
  /** Folder that relative paths in the recipe start from. */
  readonly baseFolder: string;
  /** The recipe, with every default filled in. */
  readonly recipe: Recipe;
  /** Where the initial parameters come from; absent if they are random. */
  readonly from?: RunSource;
  /** Checksums of the data, if they come from files. Old runs have none. */
  readonly data?: DataDigest;
}
