import type { Registries, Registry } from '@taggerjs/nn';

import type { Core, CoreEnvironment } from '../contracts/core';
import type { MappingEnvironment, ParametricMapping } from '../contracts/parametric-mapping';

/**
 * Further cores and mappings that a configuration may name, in addition to those of this package. Registries of other
 * kinds are passed on to the factories, so a custom core may nest components of any kind.
 */
export interface ComponentRegistries extends Registries {
  /** Factories of cores, by type. */
  readonly cores?: Registry<Core, CoreEnvironment>;
  /** Factories of mappings, by type. */
  readonly mappings?: Registry<ParametricMapping, MappingEnvironment>;
}
