import { importOptional, type OptionalPackageError } from '@taggerjs/parity/node';

import { CliError } from '../errors';

/**
 * Imports the package of a backend, which users install for themselves.
 *
 * @param name the backend, as the command line calls it
 * @param how the package, what imports it, and the commands that install it
 * @throws CliError `USAGE` where it is not installed, with these commands; or cannot be imported, with the reason
 */
export async function importBackend<M>(
  name: string,
  how: { readonly packageName: string; readonly load: () => Promise<M>; readonly install: readonly string[] },
): Promise<M> {
  try {
    return await importOptional(how.packageName, how.load);
  } catch (cause) {
    const { message, installed } = cause as OptionalPackageError;
    const commands = how.install.map((command) => `\`${command}\``).join(', then ');
    const advice = installed
      ? 'Take --backend wasm.'
      : `Install it beside this one: ${commands}; or take --backend wasm.`;
    throw new CliError('USAGE', `--backend ${name}: ${message}. ${advice}`, { cause });
  }
}
