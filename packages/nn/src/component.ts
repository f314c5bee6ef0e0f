/** A value that JSON can hold. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * A part of a model as plain JSON: `type`, its registered name or the path of a module whose default export creates it,
 * and its options.
 */
export interface ComponentConfig {
  /** The name it is registered under, or the path of a module. */
  readonly type: string;
  readonly [option: string]: Json;
}

/**
 * The description of a part of a model, such as `ladder({ sizes: [1000, 500] })` or `bitflip()` returns. The model that
 * uses it calls `create` with the sizes and random numbers (`Environment`).
 */
export interface Component<Instance, Environment> {
  /** Plain JSON from which `factory(config)` recreates the component. */
  readonly config: ComponentConfig;
  /** Creates the part, with new parameters. */
  create(environment: Environment): Instance;
}

/**
 * Creates components of one type from options, which are the component's JSON without `type` (a `type` is ignored). So a
 * factory also rebuilds a saved part. It looks up components nested in its options as JSON in `registries`.
 */
export type ComponentFactory<Instance, Environment> = (
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a registry holds factories of any options
  options?: any,
  registries?: Registries,
) => Component<Instance, Environment>;

/** Factories by the type name that configurations use. */
export type Registry<Instance, Environment> = Readonly<Record<string, ComponentFactory<Instance, Environment>>>;

/** Registries by kind (`cores`, `mappings`, `noises`, ...) for a configuration and the components nested in it. */
export interface Registries {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- each kind has its own instance type
  readonly [kind: string]: Registry<any, any> | undefined;
}
