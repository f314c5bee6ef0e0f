import type { ComponentConfig, Registries } from '@taggerjs/nn';

import type { ComponentRegistries } from './component-registries';
import { convolutional } from '../image/convolutional';
import type { Core, CoreComponent, CoreEnvironment } from '../contracts/core';
import { projected } from '../projected/projected';
import { resolveComponent } from './resolve-component';
import { spectral } from '../image/spectral';

/** The cores of this package, by type. */
export const cores = { projected, convolutional, spectral } as const;

/**
 * Makes a core and its nested components from JSON. Types are looked up in the registries first, then in this package.
 *
 * @throws TaggerError see {@link resolveComponent}
 */
export function resolveCore(config: ComponentConfig, registries: ComponentRegistries = {}): CoreComponent {
  return resolveComponent<Core, CoreEnvironment>(
    config,
    { ...cores, ...registries.cores },
    { kind: 'core', registries: registries as Registries },
  );
}
