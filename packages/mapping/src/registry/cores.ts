import type { ComponentConfig, Registries } from '@taggerjs/nn';

import type { ComponentRegistries } from './component-registries';
import { convolutional } from '../image/convolutional';
import type { Core, CoreComponent, CoreEnvironment } from '../contracts/core';
import { projected } from '../projected/projected';
import { resolveComponent } from './resolve-component';
import { spectral } from '../image/spectral';

/** The cores of this package, by type: what a configuration may always name. */
export const cores = { projected, convolutional, spectral } as const;

/**
 * Makes a core of its JSON, and of all that nests in it. It may name the cores and mappings of this package and those of
 * the registries, which win.
 *
 * @throws TaggerError as {@link resolveComponent}
 */
export function resolveCore(config: ComponentConfig, registries: ComponentRegistries = {}): CoreComponent {
  return resolveComponent<Core, CoreEnvironment>(
    config,
    { ...cores, ...registries.cores },
    { kind: 'core', registries: registries as Registries },
  );
}
