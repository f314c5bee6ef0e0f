import {
  hasBfloat16,
  hasThreads,
  useBackend,
  type BackendName,
  type BackendSetup,
  type Precision,
} from '@taggerjs/backends';
import { TaggerError } from '@taggerjs/nn';

import { CliError } from '../errors';

export {
  BACKENDS,
  hasBfloat16,
  hasThreads,
  PRECISIONS,
  type BackendName,
  type BackendSetup,
  type Precision,
} from '@taggerjs/backends';

/** The backend that the options select. */
export interface BackendChoice {
  readonly backend: BackendName;
  readonly threads?: number | undefined;
  readonly precision?: Precision | undefined;
}

/** @throws CliError `USAGE` if the options set threads for a single-threaded backend, or a precision that it lacks */
export function checkBackend({ backend, threads = 1, precision = 'float32' }: BackendChoice): void {
  if (!hasBfloat16(backend) && precision !== 'float32') {
    throw new CliError('USAGE', `--precision ${precision} needs --backend tensorflow or cuda, not ${backend}.`);
  }
  if (hasThreads(backend) || threads === 1) return;
  const how = backend === 'cpu' ? 'computes with one thread' : 'computes on the GPU';
  throw new CliError('USAGE', `--backend ${backend} ${how}. Leave --threads out, or use --backend wasm.`);
}

/**
 * Sets up the backend that the options select.
 *
 * @throws CliError `USAGE` if it is not installed, cannot be used here, or does not have that many threads
 */
export async function setUpBackend({ backend, threads, precision }: BackendChoice): Promise<BackendSetup> {
  checkBackend({ backend, threads, precision });
  try {
    return await useBackend(backend, { threads, precision });
  } catch (cause) {
    if (!(cause instanceof TaggerError)) throw cause;
    // Name the option in the message, because users of the command do not know the function.
    throw new CliError('USAGE', `--backend ${backend}: ${cause.message.replace(/^use\w+: /, '')}`, { cause });
  }
}
