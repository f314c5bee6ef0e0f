/** A value that JSON can hold. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * A part of a model as plain JSON. `type` is the name it is registered under, or the path of a module whose default
 * export makes it; everything else are its options.
 */
export interface ComponentConfig {
  /** The name it is registered under, or the path of a module. */
  readonly type: string;
  readonly [option: string]: Json;
}

/**
 * A part of a model, described but not yet made: what `ladder({ sizes: [1000, 500] })` or `bitflip()` returns. Its
 * sizes and its random numbers come from the model that takes it (`Environment`).
 */
export interface Component<Instance, Environment> {
  /** Plain JSON from which the same component can be made again: `factory(config)`. */
  readonly config: ComponentConfig;
  /** Makes the part, with parameters of its own. */
  create(environment: Environment): Instance;
}

/**
 * Makes components of one type from options. The options are the component's JSON without `type`, so
 * that a factory rebuilds a saved part from its configuration; a `type` among the options is ignored.
 * `registries` is where a factory looks up the components that are nested in its options as JSON.
 */
export type ComponentFactory<Instance, Environment> = (
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a registry holds factories of any options
  options?: any,
  registries?: Registries,
) => Component<Instance, Environment>;

/** Factories by type name: what may be written in a configuration. */
export type Registry<Instance, Environment> = Readonly<Record<string, ComponentFactory<Instance, Environment>>>;

/** Registries by kind (`cores`, `mappings`, `noises`, ...): what a configuration and all that nests in it may name. */
export interface Registries {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the kinds have instances of their own
  readonly [kind: string]: Registry<any, any> | undefined;
}
