import { readFileSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { isAbsolute, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

import { exports as exportsOf, type Package } from 'resolve.exports';

/**
 * Imports modules as a file in a folder would: resolves relative paths from that folder, and packages from its
 * `node_modules` and those of its parents, or else as this package does. Pass it as `importModule` to `loadTagger` or
 * `loadComponentFactories`. Importing a module runs its code.
 *
 * @param folder path of the folder
 * @returns a function that imports a specifier, such as `./mine.mjs`, `a-package` or `@me/package/part`; rejects as `import()`
 */
export function importFrom(folder: string): (specifier: string) => Promise<unknown> {
  const base = resolve(folder);
  return async (specifier) => import(urlOf(specifier, base));
}

function urlOf(specifier: string, base: string): string {
  if (specifier.startsWith('.') || isAbsolute(specifier)) return pathToFileURL(resolve(base, specifier)).href;
  const parts = /^((?:@[^/:]+\/)?[^@./:][^/:]*)(\/.+)?$/.exec(specifier);
  if (parts === null || isBuiltin(specifier)) return specifier;
  const [, name = '', subpath = ''] = parts;
  const { resolve: find } = createRequire(join(base, 'index.js'));
  for (const modules of find.paths(specifier) ?? []) {
    const description = descriptionOf(join(modules, name));
    if (description === undefined) continue;
    // The `import` condition, as Node itself would choose.
    const [entry] = description.exports === undefined ? [] : (exportsOf(description, `.${subpath}`) ?? []);
    return pathToFileURL(entry === undefined ? find(specifier) : join(modules, name, entry)).href;
  }
  return specifier;
}

/** A package's package.json; undefined if there is no such package. */
function descriptionOf(folder: string): Package | undefined {
  let text: string;
  try {
    text = readFileSync(join(folder, 'package.json'), 'utf8');
  } catch {
    return undefined;
  }
  return JSON.parse(text) as Package;
}
