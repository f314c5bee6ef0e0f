import { disposeTree, type Normalization } from '@taggerjs/nn';
import * as tf from '@tensorflow/tfjs-core';

import type { Core, CoreOutput } from '../contracts/core';
import { joinStates } from '../parts/join-states';

/** Makes a core that owns its parameters and normalizations. */
export function imageCore(
  apply: Core['apply'],
  parameters: Readonly<Record<string, tf.Variable>>,
  normalizations: Readonly<Record<string, Normalization>>,
): Core {
  return {
    apply: (input, context) => tf.tidy(() => apply(input, context) as CoreOutput & tf.TensorContainerObject),
    parameters: () => parameters,
    ...joinStates(normalizations),
    dispose() {
      disposeTree(parameters);
      for (const normalization of Object.values(normalizations)) normalization.dispose();
    },
  };
}
