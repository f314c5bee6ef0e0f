import type { ComponentConfig, Registries } from '@taggerjs/nn';

import type { ComponentRegistries } from './component-registries';
import { mlp } from '../projected/mlp';
import type { MappingComponent, MappingEnvironment, ParametricMapping } from '../contracts/parametric-mapping';
import { resolveComponent } from './resolve-component';

/** The mappings of this package, by type. */
export const mappings = { mlp } as const;

/**
 * Makes a mapping from its JSON. The type is looked up in `registries.mappings` first, then in this package.
 *
 * @throws TaggerError see {@link resolveComponent}
 */
export function resolveMapping(config: ComponentConfig, registries: ComponentRegistries = {}): MappingComponent {
  return resolveComponent<ParametricMapping, MappingEnvironment>(
    config,
    { ...mappings, ...registries.mappings },
    { kind: 'mapping', registries: registries as Registries },
  );
}
