/** Why an optional package cannot be used: it is not installed, or cannot be imported. */
export class OptionalPackageError extends Error {
  override readonly name = 'OptionalPackageError';

  /**
   * @param message says which package, and why
   * @param installed whether it is installed
   * @param options `cause`: what importing it threw
   */
  constructor(
    message: string,
    readonly installed: boolean,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/**
 * Imports a package that may not be installed.
 *
 * @param packageName its name
 * @param load imports it; the application writes the `import()`, so that a bundler finds it
 * @returns what `load` gives
 * @throws OptionalPackageError where it is not installed or cannot be imported
 */
export async function importOptional<M>(packageName: string, load: () => Promise<M>): Promise<M> {
  try {
    return await load();
  } catch (cause) {
    const installed = !isNotFound(cause, packageName);
    const why = installed
      ? `cannot be imported: ${cause instanceof Error ? cause.message : String(cause)}`
      : 'is not installed';
    throw new OptionalPackageError(`${packageName} ${why}`, installed, { cause });
  }
}

/** Whether it is the package itself that was not found, and not something that it imports. */
function isNotFound(error: unknown, packageName: string): boolean {
  const { code, message = '' } = error as { code?: string; message?: string };
  const notFound = code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
  return notFound && new RegExp(`Cannot find (?:package|module) '${packageName}'`).test(message);
}
