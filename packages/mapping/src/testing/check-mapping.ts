import type { ComponentConfig, Norm } from '@taggerjs/nn';

import { resolveMapping } from '../registry/mappings';
import type { MappingComponent } from '../contracts/parametric-mapping';
import { checkConformance, type ConformanceOptions } from './conformance';

/** Options of {@link checkMapping}. */
export interface CheckMappingOptions extends ConformanceOptions {
  /** Hidden size H of the mapping. @default 8 */
  readonly hiddenSize?: number;
  /** The core's normalization. @default 'layer' */
  readonly norm?: Norm;
}

/**
 * Checks that a mapping fulfills the contract of `ParametricMapping` on the current backend:
 *
 * - its configuration is plain JSON, and resolving it gives the same mapping: names, shapes and results
 * - the same random numbers give the same initial values; two mappings share nothing
 * - parameters and state are trees of float32 variables, apart from each other, the same at every call
 * - for any number of groups and examples the outputs have the right shapes and are finite; class probabilities sum to 1
 * - the same call gives the same result and changes nothing
 * - permuted groups or examples give permuted results; with `rowsIndependent`, a row's are its own
 * - gradients are finite and reach every parameter and the input
 * - calibrated on one batch, it gives the results of the batch's own statistics; then each example's are its own
 * - a mapping made from its JSON and its saved values gives the same results
 * - no call leaves a tensor behind, and `dispose` frees everything
 *
 * @throws ConformanceError for the first broken rule
 */
export async function checkMapping(component: MappingComponent, options: CheckMappingOptions = {}): Promise<void> {
  const { hiddenSize = 8, norm = 'layer', registries = {} } = options;
  await checkConformance(
    {
      label: `checkMapping('${component?.config?.type}')`,
      component,
      resolve: (config: ComponentConfig) => resolveMapping(config, registries),
      environment: (random) => ({ hiddenSize, norm, random }),
      columns: hiddenSize,
      outputs: { output: hiddenSize },
    },
    options,
  );
}
