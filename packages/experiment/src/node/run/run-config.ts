import type { Recipe } from '@taggerjs/recipes';
import type { Transfer } from '@taggerjs/tagger';

/** The backend of a run, as recorded in its files. */
export interface BackendDescription {
  /** A short name, such as `wasm`. */
  readonly name: string;
  /** Human-readable description, such as `WebAssembly SIMD, 2 threads`. Missing in old checkpoints. */
  readonly description?: string;
  /** Number of CPU threads. */
  readonly threads: number;
  /** Names of the taggerjs kernels in use. */
  readonly kernels: readonly string[];
  /** Precision of matrix products that was used, such as `bfloat16`. @default 'float32' */
  readonly precision?: string;
  /** Why products are computed in float32, if bfloat16 was requested. */
  readonly noBfloat16?: string;
}

/** SHA-256 checksums, in hexadecimal, of the training and validation examples of a run. */
export interface DataDigest {
  /** Checksum of the training examples. */
  readonly train: string;
  /** Checksum of the validation examples. */
  readonly validation: string;
}

/** Source of the initial parameters of a run, as recorded in `config.json`. */
export interface RunSource extends Transfer {
  /** Path of the model file. */
  readonly model: string;
  /** SHA-256 checksum of the file, in hexadecimal. A run that restarts requires the same file. */
  readonly sha256: string;
  /** Values of the model's configuration that differ: `{ 'noise.type': [then, now] }`. */
  readonly differences: Readonly<Record<string, readonly [unknown, unknown]>>;
}

/** The contents of `config.json`: everything needed to repeat the run. */
export interface RunConfig {
  /** Version of taggerjs that started the run. */
  readonly version: string;
  /** Start time, ISO 8601. */
  readonly started: string;
  /** Versions, machine and backend at the start. */
  readonly environment: Readonly<Record<string, unknown>>;
  /** Base folder of relative paths in the recipe. */
  readonly baseFolder: string;
  /** The recipe, with every default filled in. */
  readonly recipe: Recipe;
  /** Source of the initial parameters; absent if they are random. */
  readonly from?: RunSource;
  /** Checksums of the data, if they come from files. Missing in old runs. */
  readonly data?: DataDigest;
}
