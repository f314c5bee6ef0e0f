import * as tf from '@tensorflow/tfjs-core';

import { requireBackend } from './backend';
import { TaggerError } from './errors';
import { assertOneTfjs } from './one-tfjs';

/** Named input tensors of an operation. */
export type OperationInputs = Record<string, tf.Tensor>;

/** Settings of one call of an operation, as plain values. */
export type OperationAttributes = Record<string, boolean | number | string | readonly number[]>;

/** The definition of an operation: shape check, composition and gradient. */
export interface OperationDefinition<
  Inputs extends OperationInputs,
  Attributes extends OperationAttributes,
  Outputs extends readonly tf.Tensor[],
> {
  /**
   * The name under which the gradient, and a backend's own kernel, are registered. Calls whose attribute `channels` is above 1
   * use this name with the suffix `OfChannels`.
   */
  readonly kernelName: string;
  /** Throws `INVALID_SHAPE` or `INVALID_OPTION` if the operation cannot be computed. */
  check?(inputs: Inputs, attributes: Attributes): void;
  /** The operation as a composition of TensorFlow.js operations, which runs if the backend has no kernel. */
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
  /** The name under which a backend may register its own kernel. */
  readonly kernelName: string;
}

/** Keys (`kernelName/backendName`) at which the composition, not a backend's own kernel, is registered. */
const composed = new Set<string>();

/**
 * Makes a differentiable operation from a composition and its gradient.
 *
 * The kernel that the current backend registered under `kernelName` computes the operation; without one, the composition
 * does. The gradient is registered with TensorFlow.js under the same name and evaluated lazily: unlike with
 * `tf.customGrad`, nothing is computed for inputs that need no gradient.
 *
 * Importing a module with an operation has no side effect: the first call registers kernel and gradient.
 */
export function defineOperation<
  Inputs extends OperationInputs,
  Attributes extends OperationAttributes,
  Outputs extends readonly tf.Tensor[],
>(definition: OperationDefinition<Inputs, Attributes, Outputs>): Operation<Inputs, Attributes, Outputs> {
  const { compose, gradient, saves } = definition;

  /** Registers what is missing, and returns the kernel. */
  const prepare = (kernelName: string): tf.KernelConfig => {
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
    const known = tf.getKernel(kernelName, backendName) as tf.KernelConfig | undefined;
    if (known !== undefined) return known;
    const kernel: tf.KernelConfig = {
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
    };
    tf.registerKernel(kernel);
    composed.add(`${kernelName}/${backendName}`);
    return kernel;
  };

  const call = (inputs: Inputs, attributes: Attributes): Outputs => {
    const kernelName = nameFor(definition.kernelName, attributes);
    assertOneTfjs(kernelName, inputs);
    definition.check?.(inputs, attributes);
    requireFloat32(kernelName, inputs);
    const { kernelFunc } = prepare(kernelName);
    const attrs = attributes as unknown as tf.NamedAttrMap;
    const engine = tf.engine();
    const isObserved = engine.isTapeOn() || engine.state.profiling || tf.env().getBool('DEBUG');
    const result = isObserved
      ? (engine.runKernel(kernelName, inputs as tf.NamedTensorMap, attrs) as tf.Tensor | tf.Tensor[])
      : runUnobserved(kernelFunc, inputs, attrs);
    return (Array.isArray(result) ? result : [result]) as unknown as Outputs;
  };
  return Object.assign(call, { kernelName: definition.kernelName });
}

/** `engine.runKernel` without what gradients, profiles and debugging need: that takes longer than a small kernel itself. */
function runUnobserved(kernelFunc: tf.KernelFunc, inputs: OperationInputs, attrs: tf.NamedAttrMap): tf.Tensor[] {
  const engine = tf.engine();
  engine.state.kernelDepth += 1;
  try {
    const result = kernelFunc({ inputs, attrs, backend: engine.backend });
    const outputs = Array.isArray(result) ? result : [result];
    return outputs.map((output) =>
      'rank' in output ? (output as tf.Tensor) : engine.makeTensorFromTensorInfo(output),
    );
  } finally {
    engine.state.kernelDepth -= 1;
  }
}

function nameFor(kernelName: string, { channels = 1 }: OperationAttributes): string {
  return (channels as number) > 1 ? ofChannels({ kernelName }).kernelName : kernelName;
}

/**
 * The operation for pixels of several channels, for {@link registerOperationKernel}. It has a kernel name of its own, so that a
 * kernel for one channel is never called for more.
 */
export function ofChannels({ kernelName }: { readonly kernelName: string }): { readonly kernelName: string } {
  return { kernelName: `${kernelName}OfChannels` };
}

/** All operations take float32: kernels read memory as float32, whatever the dtype. */
function requireFloat32(kernelName: string, inputs: OperationInputs): void {
  for (const name in inputs) {
    const { dtype } = inputs[name] as tf.Tensor;
    if (dtype === 'float32') continue;
    throw new TaggerError(
      'INVALID_SHAPE',
      `${kernelName}: the input '${name}' must have dtype float32, got ${dtype}. Convert it with ` +
        "tf.cast(tensor, 'float32').",
    );
  }
}

/**
 * Registers a backend's own kernel for an operation. It replaces the composition.
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

/** Removes a backend's kernel for an operation, which then runs as a composition again. */
export function unregisterOperationKernel(operation: { readonly kernelName: string }, backendName: string): void {
  const { kernelName } = operation;
  if (tf.getKernel(kernelName, backendName) !== undefined) tf.unregisterKernel(kernelName, backendName);
  composed.delete(`${kernelName}/${backendName}`);
}

/** Whether a backend runs an operation by its own kernel (`'kernel'`) or as a composition (`'composed'`). */
export function servedBy(operation: { readonly kernelName: string }, backendName: string): 'kernel' | 'composed' {
  const { kernelName } = operation;
  const registered = tf.getKernel(kernelName, backendName) !== undefined;
  return registered && !composed.has(`${kernelName}/${backendName}`) ? 'kernel' : 'composed';
}
