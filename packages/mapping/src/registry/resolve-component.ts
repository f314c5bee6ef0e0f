import {
  TaggerError,
  type Component,
  type ComponentConfig,
  type ComponentFactory,
  type Registries,
  type Registry,
} from '@taggerjs/nn';

import { parseModuleType } from './module-type';

/** How {@link resolveComponent} looks a component up. */
export interface ResolveOptions {
  /** What the component is, for error messages: `core`, `mapping`, `noise model`. @default 'component' */
  readonly kind?: string;
  /** Where the component's factory looks up what nests in its options. @default {} */
  readonly registries?: Registries;
}

/**
 * Makes a component of its JSON: `registry[config.type](options)`, the options being the JSON without `type`.
 *
 * The component keeps the type it was asked for in its `config`, so that what one saves can be resolved again in the same
 * way, whatever its factory calls it.
 *
 * @throws TaggerError `UNKNOWN_TYPE` if the type is not registered, with the names that are; `INVALID_OPTION` where
 * the configuration is no object with a `type`, or its factory makes no component
 */
export function resolveComponent<Instance, Environment>(
  config: ComponentConfig,
  registry: Registry<Instance, Environment>,
  { kind = 'component', registries = {} }: ResolveOptions = {},
): Component<Instance, Environment> {
  if (typeof config !== 'object' || config === null || typeof config.type !== 'string') {
    throw new TaggerError(
      'INVALID_OPTION',
      `The configuration of a ${kind} must be an object with a type, such as { "type": "..." }, not ` +
        `${JSON.stringify(config) ?? String(config)}.`,
    );
  }
  const { type, ...options } = config;
  // Own properties alone: 'constructor' is no component.
  const factory = Object.hasOwn(registry, type) ? registry[type] : undefined;
  if (factory === undefined) throw unknownType(type, kind, Object.keys(registry));
  const component = (factory as ComponentFactory<Instance, Environment>)(options, registries);
  if (!isComponent(component)) {
    throw new TaggerError(
      'INVALID_OPTION',
      `The factory of the ${kind} '${type}' must return { config, create }: a component, described but not yet made.`,
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
      ? `Register its factory under this name, or name the module that exports it: './path.mjs', 'package#export'.`
      : `This type names a module: load it first, with loadComponentFactories(config, { importModule }), and only if you ` +
        'trust the configuration, for the module is run.';
  return new TaggerError('UNKNOWN_TYPE', `There is no ${kind} of type '${type}'; registered are: ${known}. ${remedy}`);
}
