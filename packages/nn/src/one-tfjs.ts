import * as tf from '@tensorflow/tfjs-core';

import { TaggerError } from './errors';

/**
 * Throws `DUPLICATE_TFJS` if a tensor belongs to another copy of `@tensorflow/tfjs-core` than the one this package
 * imports. Copies share one engine, so most things seem to work until memory management or a chained operation fails.
 */
export function assertOneTfjs(operation: string, inputs: Readonly<Record<string, tf.Tensor>>): void {
  // Looked up once: this runs before every operation.
  const { Tensor, Variable } = tf;
  for (const name in inputs) {
    const tensor = inputs[name] as tf.Tensor | null | undefined;
    const made: unknown = tensor?.constructor;
    if (made !== Tensor && made !== Variable) refuse(operation, inputs, tensor);
  }
}

function refuse(operation: string, inputs: Readonly<Record<string, tf.Tensor>>, tensor: unknown): never {
  const name = Object.keys(inputs).find((key) => inputs[key] === tensor);
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
