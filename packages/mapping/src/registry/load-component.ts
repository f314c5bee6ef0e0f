import { TaggerError, type ComponentFactory } from '@taggerjs/nn';

import { parseModuleType } from './module-type';

/** Options of {@link loadComponentFactory} and {@link loadComponentFactories}. */
export interface LoadOptions {
  /**
   * Imports the module that the configuration names and returns its exports. Only the application knows what a path is
   * relative to:
   * `(specifier) => import(specifier.startsWith('.') ? new URL(specifier, base).href : specifier)`.
   *
   * This runs the module's code: pass it only for configurations and files that you trust.
   */
  readonly importModule: (specifier: string) => Promise<unknown>;
}

/**
 * Loads the factory for a component type that names a module export: `./x.mjs` (its default export), `./x.mjs#name`, `a-package#name`.
 *
 * @throws TaggerError `UNKNOWN_TYPE` if the type does not name a module, the import fails (`cause`), or the export is not a
 *   function
 */
export async function loadComponentFactory<Instance = unknown, Environment = unknown>(
  type: string,
  { importModule }: LoadOptions,
): Promise<ComponentFactory<Instance, Environment>> {
  const named = parseModuleType(type);
  if (named === undefined) {
    throw new TaggerError(
      'UNKNOWN_TYPE',
      `The component type '${type}' does not name a module. A module is a path ('./x.mjs'), a URL ('file:///x.mjs'), or a package ` +
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
  // A CommonJS module that sets `default`: its exports are the default export.
  if (typeof factory !== 'function' && named.exportName === 'default') factory = exportOf(factory, 'default');
  if (typeof factory !== 'function') {
    const names = typeof module === 'object' && module !== null ? Object.keys(module) : [];
    throw new TaggerError(
      'UNKNOWN_TYPE',
      `The module of the component type '${type}' must export a factory as '${named.exportName}': a function ` +
        `from options to { config, create }. It exports ${names.join(', ') || 'nothing'}.`,
    );
  }
  return factory as ComponentFactory<Instance, Environment>;
}

/**
 * Loads the factories of all modules that a configuration names as a `type`, at any depth. Spread the result into the
 * registries: `resolveCore(config, { cores: { ...mine, ...loaded }, mappings: { ...mine, ...loaded } })`.
 *
 * @param config the JSON of a component, or any JSON that contains components
 * @returns factories by type, empty if the configuration names no module
 * @throws TaggerError see {@link loadComponentFactory}
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
