import { TaggerError, type ComponentFactory } from '@taggerjs/nn';

import { parseModuleType } from './module-type';

/** How modules are loaded. */
export interface LoadOptions {
  /**
   * Imports a module by the specifier that stands in the configuration, and returns its exports. Libraries that run in
   * browsers cannot know what a path is relative to, so the application says:
   * `(specifier) => import(specifier.startsWith('.') ? new URL(specifier, base).href : specifier)`.
   *
   * The module's code is run: give it only for configurations and files that you trust.
   */
  readonly importModule: (specifier: string) => Promise<unknown>;
}

/**
 * Loads the factory that a component type names: `./x.mjs` (its default export), `./x.mjs#name`, `a-package#name`.
 *
 * @throws TaggerError `UNKNOWN_TYPE` if the type names no module, the module cannot be imported (`cause`), or its
 * export is no function
 */
export async function loadComponentFactory<Instance = unknown, Environment = unknown>(
  type: string,
  { importModule }: LoadOptions,
): Promise<ComponentFactory<Instance, Environment>> {
  const named = parseModuleType(type);
  if (named === undefined) {
    throw new TaggerError(
      'UNKNOWN_TYPE',
      `The component type '${type}' names no module. A module is a path ('./x.mjs'), a URL ('file:///x.mjs'), or a package ` +
        "with an export ('a-package#name').",
    );
  }
  let module: unknown;
  try {
    module = await importModule(named.specifier);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new TaggerError('UNKNOWN_TYPE', `The module of the component type '${type}' cannot be imported: ${reason}`, {
      cause,
    });
  }
  let factory = exportOf(module, named.exportName);
  // A CommonJS module with a default export of its own: its exports are the default.
  if (typeof factory !== 'function' && named.exportName === 'default') factory = exportOf(factory, 'default');
  if (typeof factory !== 'function') {
    const names = typeof module === 'object' && module !== null ? Object.keys(module) : [];
    throw new TaggerError(
      'UNKNOWN_TYPE',
      `The module of the component type '${type}' must export a factory (a function of options that returns ` +
        `{ config, create }) as '${named.exportName}'; it exports ${names.join(', ') || 'nothing'}.`,
    );
  }
  return factory as ComponentFactory<Instance, Environment>;
}

/**
 * Loads the factory of every module that a configuration names as a `type`, however deep it nests, each once. Spread the
 * result into the registries: `resolveCore(config, { cores: { ...mine, ...loaded }, mappings: { ...mine, ...loaded } })`.
 *
 * @param config JSON: one component's, or anything that holds some
 * @returns factories by type, as the configuration writes it; empty where it names no module
 * @throws TaggerError as {@link loadComponentFactory}
 */
export async function loadComponentFactories(
  config: unknown,
  options: LoadOptions,
): Promise<Record<string, ComponentFactory<never, never>>> {
  const types = [...moduleTypes(config)];
  const factories = await Promise.all(types.map((type) => loadComponentFactory<never, never>(type, options)));
  return Object.fromEntries(types.map((type, i) => [type, factories[i] as ComponentFactory<never, never>]));
}

/** Every `type` within a JSON value that names a module. */
function moduleTypes(json: unknown, found: Set<string> = new Set()): Set<string> {
  if (typeof json !== 'object' || json === null) return found;
  const { type } = json as { type?: unknown };
  if (!Array.isArray(json) && typeof type === 'string' && parseModuleType(type) !== undefined) found.add(type);
  for (const value of Object.values(json)) moduleTypes(value, found);
  return found;
}

function exportOf(module: unknown, name: string): unknown {
  if ((typeof module !== 'object' && typeof module !== 'function') || module === null) return undefined;
  return Object.hasOwn(module, name) ? (module as Record<string, unknown>)[name] : undefined;
}
