import type { ComponentConfig } from '@taggerjs/nn';

import type { CoreComponent } from '../contracts/core';
import { resolveCore } from '../registry/cores';
import { checkConformance, type ConformanceOptions } from './conformance';

/** Options of {@link checkCore}. */
export interface CheckCoreOptions extends ConformanceOptions {
  /** Shape of an input; its product is N. @default [2, 3] */
  readonly inputShape?: readonly number[];
  /** C: channels of a pixel. @default 1 */
  readonly channels?: number;
}

/**
 * Checks that a core fulfills the contract of `Core` on the current backend, by the rules of {@link checkMapping}.
 *
 * @throws ConformanceError for the first broken rule
 */
export async function checkCore(component: CoreComponent, options: CheckCoreOptions = {}): Promise<void> {
  const { inputShape = [2, 3], channels = 1, registries = {} } = options;
  const inputSize = inputShape.reduce((product, size) => product * size, 1);
  const pixels = inputSize / channels;
  await checkConformance(
    {
      label: `checkCore('${component?.config?.type}')`,
      component,
      resolve: (config: ComponentConfig) => resolveCore(config, registries),
      environment: (random) => ({
        inputSize,
        inputShape,
        channels,
        random,
        data: { mean: 0.26, standardDeviation: 0.44 },
      }),
      columns: 2 * (inputSize + pixels),
      outputs: { predictionLogits: inputSize, assignmentLogits: pixels },
    },
    options,
  );
}
