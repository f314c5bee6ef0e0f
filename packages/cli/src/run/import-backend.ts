import { importOptional, nodeBackend, type OptionalPackageError } from '@taggerjs/parity/node';

import { CliError } from '../errors';

/**
 * Imports the package of a backend, which users install for themselves.
 *
 * @param name the backend, as the command line calls it
 * @param packageName its package
 * @param load imports that
 * @throws CliError `USAGE` where it is not installed, with how it is had; or cannot be imported, with the reason
 */
export async function importBackend<M>(name: string, packageName: string, load: () => Promise<M>): Promise<M> {
  try {
    return await importOptional(packageName, load);
  } catch (cause) {
    const { message, installed } = cause as OptionalPackageError;
    const advice = installed ? 'Take' : `How it is had: ${nodeBackend(name).howToGet}. Or take`;
    throw new CliError('USAGE', `--backend ${name}: ${message}. ${advice} --backend wasm.`, { cause });
  }
}
