import * as tf from '@tensorflow/tfjs-core';

import { defineOperation, type Operation, type OperationAttributes, type OperationInputs } from './operation';

/** A differentiable function of tensors. Besides its inputs it may depend on the variables passed with it. */
export type CheckpointedFunction<Outputs extends readonly tf.Tensor[]> = (...inputs: tf.Tensor[]) => Outputs;

type Compute = CheckpointedFunction<readonly tf.Tensor[]>;
type CheckpointedOperation = Operation<OperationInputs, OperationAttributes, readonly tf.Tensor[]>;

/** Operations by number of inputs: TensorFlow.js registers which inputs a gradient saves by name, once. */
const operations = new Map<number, CheckpointedOperation>();

/**
 * Calls a function with gradient checkpointing: only its inputs and outputs are kept for the backward pass, which
 * recomputes the intermediate results (Chen et al. 2016, "Training deep nets with sublinear memory cost"). Saves their
 * memory at the cost of one more forward pass. Values and gradients equal those of the plain call, bit for bit if the
 * backend is deterministic.
 *
 * @param compute the function. It must be pure: it is called again in the backward pass. Tensors that it captures must
 *   live until then
 * @param inputs its first arguments, float32
 * @param variables the variables it depends on, for their gradients; they must not change until the backward pass
 * @param constants its further arguments, which get no gradient
 * @returns the outputs of the function
 */
export function withGradientCheckpointing<Outputs extends readonly tf.Tensor[]>(
  compute: CheckpointedFunction<Outputs>,
  inputs: readonly tf.Tensor[],
  variables: readonly tf.Variable[],
  constants: readonly tf.Tensor[] = [],
): Outputs {
  const named: OperationInputs = {};
  for (const [i, input] of [...inputs, ...constants].entries()) named[inputName(i)] = input;
  for (const [i, variable] of variables.entries()) named[variableName(i)] = variable;
  // TensorFlow.js passes attributes on unchanged and never serializes them, so they may hold functions.
  const attributes = { compute, variables, constants: constants.length } as unknown as OperationAttributes;
  return checkpointedOperation(inputs.length + constants.length)(named, attributes) as unknown as Outputs;
}

function checkpointedOperation(inputCount: number): CheckpointedOperation {
  const known = operations.get(inputCount);
  if (known !== undefined) return known;
  const names = Array.from({ length: inputCount }, (_, i) => inputName(i));
  const operation = defineOperation<OperationInputs, OperationAttributes, readonly tf.Tensor[]>({
    kernelName: `TaggerGradientCheckpointing${inputCount}`,
    compose(inputs, attributes) {
      const { compute } = attributes as unknown as { compute: Compute };
      // An output may be one of the inputs, which would then be disposed twice.
      return compute(...names.map((name) => inputs[name] as tf.Tensor)).map((output) => tf.clone(output));
    },
    saves: { inputs: names },
    gradient(dys, saved, attributes) {
      const { compute, variables, constants } = attributes as unknown as {
        compute: Compute;
        variables: tf.Variable[];
        constants: number;
      };
      const inputs = saved.slice(0, saved.length - constants);
      const fixed = saved.slice(inputs.length);
      const gradients = vectorJacobianProduct((...at) => compute(...at, ...fixed), inputs, variables, dys);
      return Object.fromEntries([
        ...inputs.map((_, i) => [inputName(i), () => gradients[i] as tf.Tensor]),
        // A constant has no gradient, but TensorFlow.js wants one for every input on the path.
        ...fixed.map((constant, i) => [inputName(inputs.length + i), () => tf.zerosLike(constant)]),
        ...variables.map((_, i) => [variableName(i), () => gradients[inputs.length + i] as tf.Tensor]),
      ]);
    },
  });
  operations.set(inputCount, operation);
  return operation;
}

/** Gradients of `sum_j <outputs_j, dys_j>` with respect to inputs and variables; zeros if they are not connected. */
function vectorJacobianProduct(
  compute: Compute,
  inputs: readonly tf.Tensor[],
  variables: readonly tf.Variable[],
  dys: readonly tf.Tensor[],
): tf.Tensor[] {
  const sources = [...inputs, ...variables];
  const { state } = tf.engine();
  // TensorFlow.js has a single tape, which the enclosing backward pass still needs.
  const tape = state.activeTape;
  try {
    const { value, grads } = tf
      .engine()
      .gradients(() => withCotangents(compute(...inputs), dys), sources, undefined, true);
    value.dispose();
    return sources.map((source, i) => grads[i] ?? tf.zerosLike(source));
  } finally {
    state.activeTape = tape;
  }
}

/** A scalar whose gradient with respect to each tensor is the given cotangent. Its value is zero and unused. */
function withCotangents(tensors: readonly tf.Tensor[], cotangents: readonly tf.Tensor[]): tf.Scalar {
  const inputs = Object.fromEntries(tensors.map((tensor, i) => [inputName(i), tensor]));
  return cotangentsOperation(inputs, { cotangents } as unknown as OperationAttributes)[0];
}

const cotangentsOperation = /* @__PURE__ */ defineOperation<OperationInputs, OperationAttributes, [tf.Scalar]>({
  kernelName: 'TaggerCotangents',
  compose: () => [tf.scalar(0)],
  gradient(_dys, _saved, attributes) {
    const { cotangents } = attributes as unknown as { cotangents: readonly tf.Tensor[] };
    return Object.fromEntries(cotangents.map((cotangent, i) => [inputName(i), () => tf.clone(cotangent)]));
  },
});

const inputName = (i: number) => `input_${i}`;
const variableName = (i: number) => `variable_${i}`;
