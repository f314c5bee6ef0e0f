import type { BackendName, Precision } from '@taggerjs/backends';
import type { WhichCheckpoint } from '@taggerjs/experiment/node';
import { InvalidArgumentError, Option } from 'commander';

import { finiteNumber, wholeNumber } from './numbers';

// Options that several commands share, with the same meaning.

/** The names of the backends. Repeated here because importing `@taggerjs/backends` loads TensorFlow.js. */
export const BACKENDS = Object.keys({ wasm: 0, tensorflow: 0, cuda: 0, webgpu: 0, cpu: 0 } satisfies Record<
  BackendName,
  0
>) as BackendName[];

/** The names of the precisions. */
export const PRECISIONS = Object.keys({
  ...{ float32: 0, bfloat16: 0, 'emulated-bfloat16': 0 },
} satisfies Record<Precision, 0>) as Precision[];

/** `--json` */
export const jsonOption = (description = 'Print the result as JSON'): Option => new Option('--json', description);

/** `--quiet` */
export const quietOption = (): Option => new Option('--quiet', 'Show no progress');

/** `--backend`, `wasm` by default. */
export const backendOption = (): Option => anyBackendOption('Backend').default('wasm');

/** `--backend` without a default. */
export const anyBackendOption = (description: string): Option =>
  new Option('--backend <name>', description).choices(BACKENDS);

/** `--threads` */
export const threadsOption = (description = 'Threads of wasm, tensorflow or cuda (default: all cores)'): Option =>
  new Option('--threads <n>', description).argParser(wholeNumber());

/** `--precision` */
export const precisionOption = (otherwise: string): Option =>
  new Option(
    '--precision <name>',
    `Precision of matrix products on tensorflow and cuda (default: ${otherwise})`,
  ).choices(PRECISIONS);

/** `--split`, `test` by default. */
export const splitOption = (): Option =>
  new Option('--split <name>', 'Part of the data').choices(['train', 'validation', 'test']).default('test');

/** `--examples` */
export const examplesOption = (description: string): Option =>
  new Option('--examples <n>', description).argParser(wholeNumber());

/** `--iterations` */
export const iterationsOption = (description = "Iterations T (default: as in the recipe's evaluation)"): Option =>
  new Option('--iterations <n>', description).argParser(wholeNumber());

/** `--groups`. Limited because label images store a group number in one byte. */
export const groupsOption = (description = "Groups K (default: as in the recipe's evaluation)"): Option =>
  new Option('--groups <n>', description).argParser(wholeNumber(256));

/** `--seed` */
export const seedOption = (description: string): Option =>
  new Option('--seed <n>', description).argParser(finiteNumber);

/** `--statistics` */
export const statisticsOption = (): Option =>
  new Option('--statistics <which>', 'Statistics of batch normalization (default: calibrated)').choices([
    'batch',
    'calibrated',
  ]);

/** `--view` */
export const viewOption = (usual: 'blend' | 'winner' = 'blend'): Option =>
  new Option(
    '--view <how>',
    `How to draw all groups at once: blend their colors, or show each pixel's winning group (default: ${usual})`,
  ).choices(['blend', 'winner']);

/** `--tensorboard` */
export const tensorboardOption = (
  description = 'Write metrics and pictures for TensorBoard into this folder',
): Option => new Option('--tensorboard <folder>', description);

/** `--checkpoint` of commands that load the model of a run. */
export const checkpointOption = (): Option =>
  new Option(
    '--checkpoint <which>',
    'Load a checkpoint: best, last, or a step such as 2000 (default: the final model)',
  ).argParser(checkpointOf);

function checkpointOf(given: string): WhichCheckpoint {
  if (given === 'best' || given === 'last') return given;
  if (/^\d{1,15}$/.test(given)) return Number(given);
  throw new InvalidArgumentError('Expected best, last, or a step such as 2000.');
}
