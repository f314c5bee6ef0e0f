import { TaggerError } from '@taggerjs/nn';

/** The backends whose packages are optional. */
type Optional = 'tensorflow' | 'cuda' | 'webgpu';

/** What to do after installing the package. */
const THEN: Readonly<Record<Optional, string>> = {
  tensorflow: ', then `npx taggerjs-setup-tensorflow`',
  cuda: ', then `npx taggerjs-setup-tensorflow --cuda`',
  webgpu: '; in Node also `npm install webgpu`',
};

/**
 * What handles a failed import of a backend's package.
 *
 * @throws TaggerError `NOT_INSTALLED` if the package itself is missing; `NO_BACKEND` if it cannot be imported for another
 * reason
 */
export function notInstalled(name: Optional): (cause: unknown) => never {
  const package_ = `@taggerjs/backend-${name}`;
  return (cause) => {
    const { code, message = String(cause) } = cause as { code?: string; message?: string };
    const missing =
      (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND') &&
      new RegExp(`Cannot find (?:package|module) '${package_}'`).test(message);
    if (!missing) {
      throw new TaggerError('NO_BACKEND', `useBackend: ${package_} cannot be imported: ${message}.`, { cause });
    }
    throw new TaggerError(
      'NOT_INSTALLED',
      `useBackend: ${package_} is not installed. Run \`npm install ${package_}\`${THEN[name]}.`,
      { cause },
    );
  };
}
