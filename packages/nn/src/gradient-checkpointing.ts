import * as tf from '@tensorflow/tfjs-core';

import { defineOperation, type Operation, type OperationAttributes, type OperationInputs } from './operation';

/** A differentiable function of tensors; what else it depends on are the variables named beside it. */
export type CheckpointedFunction<Outputs extends readonly tf.Tensor[]> = (...inputs: tf.Tensor[]) => Outputs;

type Compute = CheckpointedFunction<readonly tf.Tensor[]>;
type CheckpointedOperation = Operation<OperationInputs, OperationAttributes, readonly tf.Tensor[]>;

/** Operations by number of inputs: TensorFlow.js registers which inputs a gradient saves by name, once. */
const operations = new Map<number, CheckpointedOperation>();

/**
 * Computes a function without keeping its intermediate results for the backward pass: they are computed again there
 * (gradient checkpointing; Chen et al. 2016, "Training deep nets with sublinear memory cost"). Costs one more forward
 * pass, saves all memory but that of the inputs and outputs. Values and gradients are those of the plain call, bit for
 * bit where the backend's are repeatable.
 *
 * @param compute the function; it must be pure, for it is called twice, the second time in the backward pass: tensors
 *   that it takes from its surroundings must live until then
 * @param inputs what it is called with; float32
 * @param variables the variables it depends on, whose gradients are wanted; they must not change until the backward pass
 * @param constants what it is called with after the inputs, without gradients
 * @returns its outputs
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
  // Attributes reach the kernel and the gradient as they are, functions among them; they are never serialized.
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
      // An output may be one of the inputs, which would then be disposed of twice.
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
        // On the path to no variable, unless it is an input of the whole.
        ...fixed.map((constant, i) => [inputName(inputs.length + i), () => tf.zerosLike(constant)]),
        ...variables.map((_, i) => [variableName(i), () => gradients[inputs.length + i] as tf.Tensor]),
      ]);
    },
  });
  operations.set(inputCount, operation);
  return operation;
}

/** Gradients of `sum_j <outputs_j, dys_j>` with respect to inputs and variables; zeros where there is no connection. */
function vectorJacobianProduct(
  compute: Compute,
  inputs: readonly tf.Tensor[],
  variables: readonly tf.Variable[],
  dys: readonly tf.Tensor[],
): tf.Tensor[] {
  const sources = [...inputs, ...variables];
  const { state } = tf.engine();
  // TensorFlow.js has one tape, and the pass that this runs in is not done with its own.
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

/** A scalar whose gradient with respect to each tensor is the cotangent given. Its value is of no interest: zero. */
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
