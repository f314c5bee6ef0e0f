import { withGradientCheckpointing } from '@taggerjs/nn';
import type * as tf from '@tensorflow/tfjs-core';

/** The state of the groups: predictions z, [K, B, N], and assignments m, [K, B, P]. */
export type Beliefs = {
  readonly z: tf.Tensor3D;
  readonly m: tf.Tensor3D;
  readonly logM: tf.Tensor3D;
  /** z before its activation, if the core receives that. */
  readonly zhat?: tf.Tensor3D;
};

/** The state after an iteration, and its intermediate results. */
export type Advanced = Beliefs & {
  readonly dz: tf.Tensor3D;
  readonly L: tf.Tensor3D;
  readonly classProbabilities?: tf.Tensor3D;
  readonly topActivation?: tf.Tensor3D;
};

/** One iteration {@link withGradientCheckpointing}: the same for a function of named tensors. */
export function checkpointed(
  advance: (before: Beliefs, xTilde: tf.Tensor2D) => Advanced,
  before: Beliefs,
  xTilde: tf.Tensor2D,
  variables: readonly tf.Variable[],
): Advanced {
  const given = Object.keys(before).filter((name) => ['z', 'm', 'logM', 'zhat'].includes(name)) as (keyof Beliefs)[];
  let names: string[] = [];
  const outputs = withGradientCheckpointing(
    (...tensors: tf.Tensor[]) => {
      const named = Object.fromEntries(given.map((name, i) => [name, tensors[i]])) as unknown as Beliefs;
      const after = advance(named, tensors.at(-1) as tf.Tensor2D);
      names = Object.keys(after);
      return Object.values(after);
    },
    given.map((name) => before[name] as tf.Tensor3D),
    variables,
    [xTilde],
  );
  return Object.fromEntries(names.map((name, i) => [name, outputs[i]])) as unknown as Advanced;
}
