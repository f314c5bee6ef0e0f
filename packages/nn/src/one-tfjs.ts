import * as tf from '@tensorflow/tfjs-core';

import { TaggerError } from './errors';

/**
 * Throws `DUPLICATE_TFJS` if a tensor belongs to another copy of `@tensorflow/tfjs-core` than the one this package
 * imports. Copies share one engine, so most things seem to work until memory management or a chained operation fails.
 */
export function assertOneTfjs(operation: string, inputs: Readonly<Record<string, tf.Tensor>>): void {
  for (const name in inputs) {
    const tensor = inputs[name];
    const made: unknown = tensor?.constructor;
    if (made === tf.Tensor || made === tf.Variable) continue;
    if (tensor instanceof tf.Tensor) {
      throw new TaggerError(
        'DUPLICATE_TFJS',
        `${operation}: the input '${name}' was created by another copy of @tensorflow/tfjs-core than the one that ` +
          `@taggerjs/nn uses (version ${tf.version_core}). Run \`npm ls @tensorflow/tfjs-core\`, make all packages share ` +
          'one version, and do not mix `import` and `require` of it in one process.',
      );
    }
    throw new TaggerError(
      'INVALID_SHAPE',
      `${operation}: the input '${name}' is not a tensor but ${tensor === null ? 'null' : typeof tensor}.`,
    );
  }
}
