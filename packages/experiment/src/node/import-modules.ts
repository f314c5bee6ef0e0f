import { importFrom } from '@taggerjs/mapping/node';

/**
 * Imports the custom modules that a recipe or model file names, like `importFrom`. Before the first one, imports
 * `@tensorflow/tfjs` if it is installed, because custom modules may use gradients and tensor methods that only this package
 * registers. It is imported here and not at start-up because it takes longer to load than everything else.
 *
 * @param folder base folder of relative paths
 */
export function importModulesFrom(folder: string): (specifier: string) => Promise<unknown> {
  const importModule = importFrom(folder);
  return async (specifier) => {
    await import('@tensorflow/tfjs').catch((error: NodeJS.ErrnoException) => {
      const isMissing = error.code === 'ERR_MODULE_NOT_FOUND' || error.code === 'MODULE_NOT_FOUND';
      if (!isMissing || !error.message.includes("'@tensorflow/tfjs'")) throw error;
    });
    return importModule(specifier);
  };
}
