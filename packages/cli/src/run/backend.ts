import { hasThreads, useBackend, type BackendName, type BackendSetup } from '@taggerjs/backends';
import { TaggerError } from '@taggerjs/nn';

import { CliError } from '../errors';

export { BACKENDS, hasThreads, type BackendName, type BackendSetup } from '@taggerjs/backends';

/** The backend that the options select. */
export interface BackendChoice {
  readonly backend: BackendName;
  readonly threads?: number | undefined;
}

/** @throws CliError `USAGE` if the options set threads for a single-threaded backend */
export function checkBackend({ backend, threads = 1 }: BackendChoice): void {
  if (hasThreads(backend) || threads === 1) return;
  const how = backend === 'cpu' ? 'computes with one thread' : 'computes on the GPU';
  throw new CliError('USAGE', `--backend ${backend} ${how}. Leave --threads out, or use --backend wasm.`);
}

/**
 * Sets up the backend that the options select.
 *
 * @throws CliError `USAGE` if it is not installed, cannot be used here, or does not have that many threads
 */
export async function setUpBackend({ backend, threads }: BackendChoice): Promise<BackendSetup> {
  checkBackend({ backend, threads });
  try {
    return await useBackend(backend, { threads });
  } catch (cause) {
    if (!(cause instanceof TaggerError)) throw cause;
    // Name the option in the message, because users of the command do not know the function.
    throw new CliError('USAGE', `--backend ${backend}: ${cause.message.replace(/^use\w+: /, '')}`, { cause });
  }
}
