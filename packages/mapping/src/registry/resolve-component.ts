import {
  TaggerError,
  type Component,
  type ComponentConfig,
  type ComponentFactory,
  type Registries,
  type Registry,
} from '@taggerjs/nn';

import { parseModuleType } from './module-type';

/** Options of {@link resolveComponent}. */
export interface ResolveOptions {
  /** The kind of component, for error messages: `core`, `mapping`, `noise model`. @default 'component' */
  readonly kind?: string;
  /** Registries for the components nested in the options. @default {} */
  readonly registries?: Registries;
}

/**
 * Makes a component from its JSON: `registry[config.type](options)`, where the options are the JSON without `type`.
 *
 * The component's `config` keeps the requested type, even if the factory uses another, so that a saved configuration
 * resolves in the same way.
 *
 * @throws TaggerError `UNKNOWN_TYPE` if the type is not registered (the message lists those that are); `INVALID_OPTION` if
 *   the configuration is not an object with a `type`, or the factory does not return a component
 */
export function resolveComponent<Instance, Environment>(
  config: ComponentConfig,
  registry: Registry<Instance, Environment>,
  { kind = 'component', registries = {} }: ResolveOptions = {},
): Component<Instance, Environment> {
  if (typeof config !== 'object' || config === null || typeof config.type !== 'string') {
    throw new TaggerError(
      'INVALID_OPTION',
      `The configuration of a ${kind} must be an object with a type, such as { "type": "..." }, got ` +
        `${JSON.stringify(config) ?? String(config)}.`,
    );
  }
  const { type, ...options } = config;
  // Only own properties: 'constructor' is not a component.
  const factory = Object.hasOwn(registry, type) ? registry[type] : undefined;
  if (factory === undefined) throw unknownType(type, kind, Object.keys(registry));
  const component = (factory as ComponentFactory<Instance, Environment>)(options, registries);
  if (!isComponent(component)) {
    throw new TaggerError(
      'INVALID_OPTION',
      `The factory of the ${kind} '${type}' must return a component, { config, create }.`,
    );
  }
  if (component.config.type === type) return component;
  return { config: { ...component.config, type }, create: (environment) => component.create(environment) };
}

/** Whether a value is a component rather than its JSON. */
export function isComponent<Instance, Environment>(
  value: Component<Instance, Environment> | ComponentConfig | undefined,
): value is Component<Instance, Environment> {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as Component<Instance, Environment>).create === 'function' &&
    typeof (value as Component<Instance, Environment>).config?.type === 'string'
  );
}

function unknownType(type: string, kind: string, names: readonly string[]): TaggerError {
  const known = names.length > 0 ? names.map((name) => `'${name}'`).join(', ') : 'none';
  const remedy =
    parseModuleType(type) === undefined
      ? `Register its factory under this name, or use a module that exports it as the type: './path.mjs' or 'package#export'.`
      : `This type names a module. If you trust its code, load it first with loadComponentFactories(config, { importModule ` +
        '}).';
  return new TaggerError('UNKNOWN_TYPE', `Unknown ${kind} type '${type}'. Registered types: ${known}. ${remedy}`);
}
