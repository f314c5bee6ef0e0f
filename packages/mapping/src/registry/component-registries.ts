import type { Registries, Registry } from '@taggerjs/nn';

import type { Core, CoreEnvironment } from '../contracts/core';
import type { MappingEnvironment, ParametricMapping } from '../contracts/parametric-mapping';

/**
 * The cores and mappings that a configuration may name, besides those of this package. Registries of other kinds pass
 * through to the factories: a core of one's own may nest what it likes.
 */
export interface ComponentRegistries extends Registries {
  /** Factories of cores, by type. */
  readonly cores?: Registry<Core, CoreEnvironment>;
  /** Factories of mappings, by type. */
  readonly mappings?: Registry<ParametricMapping, MappingEnvironment>;
}
