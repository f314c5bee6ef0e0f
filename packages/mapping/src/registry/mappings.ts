import type { ComponentConfig, Registries } from '@taggerjs/nn';

import type { ComponentRegistries } from './component-registries';
import { mlp } from '../projected/mlp';
import type { MappingComponent, MappingEnvironment, ParametricMapping } from '../contracts/parametric-mapping';
import { resolveComponent } from './resolve-component';

/** The mappings of this package, by type: what a configuration may always name. */
export const mappings = { mlp } as const;

/**
 * Makes a mapping of its JSON. It may name the mappings of this package and those of `registries.mappings`, which win.
 *
 * @throws TaggerError as {@link resolveComponent}
 */
export function resolveMapping(config: ComponentConfig, registries: ComponentRegistries = {}): MappingComponent {
  return resolveComponent<ParametricMapping, MappingEnvironment>(
    config,
    { ...mappings, ...registries.mappings },
    { kind: 'mapping', registries: registries as Registries },
  );
}
