import * as tf from '@tensorflow/tfjs-core';

import { requireBackend } from './backend';
import { TaggerError } from './errors';
import { assertOneTfjs } from './one-tfjs';

/** Named input tensors of an operation. */
export type OperationInputs = Record<string, tf.Tensor>;

/** Settings of one call of an operation, plain values. */
export type OperationAttributes = Record<string, boolean | number | string | readonly number[]>;

/** What an operation is: shape check, composition, gradient, in one place. */
export interface OperationDefinition<
  Inputs extends OperationInputs,
  Attributes extends OperationAttributes,
  Outputs extends readonly tf.Tensor[],
> {
  /** The name under which a backend may register a kernel of its own, and the gradient is registered. */
  readonly kernelName: string;
  /** Throws `INVALID_SHAPE` or `INVALID_OPTION` where the operation cannot be computed. */
  check?(inputs: Inputs, attributes: Attributes): void;
  /** The operation composed of TensorFlow.js operations: what runs where no kernel is registered. */
  compose(inputs: Inputs, attributes: Attributes): Outputs;
  /** Which inputs and outputs the gradient needs; they are kept until the backward pass. */
  readonly saves?: { readonly inputs?: readonly (keyof Inputs & string)[]; readonly outputs?: readonly boolean[] };
  /**
   * The gradient, a thunk per input, evaluated only for the inputs that need one. `saved` holds the saved inputs,
   * then the saved outputs. Work that several thunks share is done before they are returned.
   */
  gradient?(dys: tf.Tensor[], saved: tf.Tensor[], attributes: Attributes): { [Name in keyof Inputs]?: () => tf.Tensor };
}

/** A differentiable operation; call it with its inputs and attributes. */
export interface Operation<
  Inputs extends OperationInputs,
  Attributes extends OperationAttributes,
  Outputs extends readonly tf.Tensor[],
> {
  (inputs: Inputs, attributes: Attributes): Outputs;
  /** The name under which a backend may register a kernel of its own. */
  readonly kernelName: string;
}

/** Keys (`kernelName/backendName`) at which the composition, not a backend's own kernel, is registered. */
const composed = new Set<string>();

/**
 * Makes a differentiable operation of a composition and its gradient.
 *
 * The current backend's kernel of the same name computes it, where there is one; elsewhere the composition does. The
 * gradient is registered with TensorFlow.js under the same name at the first call, so that it is evaluated lazily:
 * nothing is computed for inputs that need no gradient, which `tf.customGrad` cannot do.
 *
 * Nothing happens when a module with an operation is imported; registration is part of the first call.
 */
export function defineOperation<
  Inputs extends OperationInputs,
  Attributes extends OperationAttributes,
  Outputs extends readonly tf.Tensor[],
>(definition: OperationDefinition<Inputs, Attributes, Outputs>): Operation<Inputs, Attributes, Outputs> {
  const { kernelName, compose, gradient, saves } = definition;

  const prepare = () => {
    const backendName = requireBackend(kernelName);
    if (gradient !== undefined && tf.getGradient(kernelName) === undefined) {
      tf.registerGradient({
        kernelName,
        inputsToSave: [...(saves?.inputs ?? [])],
        outputsToSave: [...(saves?.outputs ?? [])],
        gradFunc: (dy, saved, attributes) =>
          gradient(Array.isArray(dy) ? dy : [dy], saved, (attributes ?? {}) as unknown as Attributes) as Record<
            string,
            () => tf.Tensor
          >,
      });
    }
    if (tf.getKernel(kernelName, backendName) === undefined) {
      tf.registerKernel({
        kernelName,
        backendName,
        kernelFunc: ({ inputs, attrs }) => {
          const outputs = tf.tidy(
            () =>
              compose(
                inputs as unknown as Inputs,
                (attrs ?? {}) as unknown as Attributes,
              ) as readonly tf.Tensor[] as tf.Tensor[],
          );
          return outputs.length === 1 ? (outputs[0] as tf.Tensor) : outputs;
        },
      });
      composed.add(`${kernelName}/${backendName}`);
    }
  };

  const call = (inputs: Inputs, attributes: Attributes): Outputs => {
    assertOneTfjs(kernelName, inputs);
    definition.check?.(inputs, attributes);
    requireFloat32(kernelName, inputs);
    prepare();
    const result = tf
      .engine()
      .runKernel(kernelName, inputs as tf.NamedTensorMap, attributes as unknown as tf.NamedAttrMap) as
      tf.Tensor | tf.Tensor[];
    return (Array.isArray(result) ? result : [result]) as unknown as Outputs;
  };
  return Object.assign(call, { kernelName });
}

/** Operations are of float32: a kernel reads memory as such, so another dtype would be numbers without meaning. */
function requireFloat32(kernelName: string, inputs: OperationInputs): void {
  for (const [name, { dtype }] of Object.entries(inputs)) {
    if (dtype === 'float32') continue;
    throw new TaggerError(
      'INVALID_SHAPE',
      `${kernelName}: the input '${name}' must be of dtype float32, got ${dtype}. Make it so with ` +
        "tf.cast(tensor, 'float32').",
    );
  }
}

/**
 * Registers a backend's own kernel for an operation, in place of the composition.
 *
 * @param operation the operation, or its kernel name
 * @param backendName the name of the TensorFlow.js backend, such as `'wasm'`
 * @param kernel computes the outputs from the inputs and attributes of the operation
 */
export function registerOperationKernel(
  operation: { readonly kernelName: string },
  backendName: string,
  kernel: tf.KernelFunc,
): void {
  const { kernelName } = operation;
  unregisterOperationKernel(operation, backendName);
  tf.registerKernel({ kernelName, backendName, kernelFunc: kernel });
}

/** Removes whatever kernel is registered for an operation on a backend; the composition serves it again. */
export function unregisterOperationKernel(operation: { readonly kernelName: string }, backendName: string): void {
  const { kernelName } = operation;
  if (tf.getKernel(kernelName, backendName) !== undefined) tf.unregisterKernel(kernelName, backendName);
  composed.delete(`${kernelName}/${backendName}`);
}

/** Whether a backend serves an operation by a kernel of its own (`'kernel'`) or by composition (`'composed'`). */
export function servedBy(operation: { readonly kernelName: string }, backendName: string): 'kernel' | 'composed' {
  const { kernelName } = operation;
  const registered = tf.getKernel(kernelName, backendName) !== undefined;
  return registered && !composed.has(`${kernelName}/${backendName}`) ? 'kernel' : 'composed';
}
