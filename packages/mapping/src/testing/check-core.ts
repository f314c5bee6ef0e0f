import type { ComponentConfig } from '@taggerjs/nn';

import type { CoreComponent } from '../contracts/core';
import { resolveCore } from '../registry/cores';
import { checkConformance, type ConformanceOptions } from './conformance';

/** Options of {@link checkCore}. */
export interface CheckCoreOptions extends ConformanceOptions {
  /** Shape of an input; its product is N. @default [2, 3] */
  readonly inputShape?: readonly number[];
}

/**
 * Checks that a core fulfills the contract of `Core` on the current backend, by the rules of {@link checkMapping}.
 *
 * @throws ConformanceError for the first broken rule
 */
export async function checkCore(component: CoreComponent, options: CheckCoreOptions = {}): Promise<void> {
  const { inputShape = [2, 3], registries = {} } = options;
  const inputSize = inputShape.reduce((product, size) => product * size, 1);
  await checkConformance(
    {
      label: `checkCore('${component?.config?.type}')`,
      component,
      resolve: (config: ComponentConfig) => resolveCore(config, registries),
      environment: (random) => ({
        inputSize,
        inputShape,
        random,
        data: { mean: 0.26, standardDeviation: 0.44 },
      }),
      columns: 4 * inputSize,
      outputs: { predictionLogits: inputSize, assignmentLogits: inputSize },
    },
    options,
  );
}
