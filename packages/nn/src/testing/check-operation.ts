import * as tf from '@tensorflow/tfjs-core';

import type { Operation, OperationAttributes, OperationInputs } from '../operation';

/** A tensor in float64, row-major: what references are written in. */
export interface ReferenceTensor {
  /** The size of each axis; `[]` for a scalar. */
  readonly shape: readonly number[];
  /** The elements, row-major. */
  readonly data: Float64Array;
}

/** One case of an operation and what it is held against. */
export interface OperationCheck<Attributes> {
  /** The inputs; they are rounded to float32 first, so that both sides see the same numbers. */
  readonly inputs: Readonly<Record<string, { readonly shape: readonly number[]; readonly data: ArrayLike<number> }>>;
  /** The attributes of the call. */
  readonly attributes: Attributes;
  /** The operation in float64, in plain loops: an independent statement of the formula. */
  readonly reference: (
    inputs: Readonly<Record<string, ReferenceTensor>>,
    attributes: Attributes,
  ) => readonly ReferenceTensor[];
  /** Inputs that have no gradient. */
  readonly constants?: readonly string[];
  /** Largest error of a value, as a share of the largest value, on top of 1e-6. @default 1e-5 */
  readonly valueTolerance?: number;
  /** The same for gradients. @default 1e-4 */
  readonly gradientTolerance?: number;
}

/**
 * Holds an operation against its float64 reference on the current backend: every output, and the gradient of every
 * input for every output, the latter against central differences of the reference. Fails by throwing an error that
 * names the output or gradient; leaves no tensor behind.
 */
export async function checkOperation<Attributes extends OperationAttributes>(
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- any operation can be checked
  operation: Operation<any, Attributes, any>,
  {
    inputs,
    attributes,
    reference,
    constants = [],
    valueTolerance = 1e-5,
    gradientTolerance = 1e-4,
  }: OperationCheck<Attributes>,
): Promise<void> {
  const name = operation.kernelName;
  const before = tf.memory().numTensors;
  const exact: Record<string, ReferenceTensor> = {};
  const tensors: OperationInputs = {};
  for (const [key, { shape, data }] of Object.entries(inputs)) {
    const rounded = Float32Array.from(data);
    exact[key] = { shape, data: Float64Array.from(rounded) };
    tensors[key] = tf.tensor(rounded, [...shape], 'float32');
  }
  const expected = reference(exact, attributes);

  const outputs = operation(tensors, attributes) as tf.Tensor[];
  if (outputs.length !== expected.length) {
    throw new Error(`${name}: ${outputs.length} outputs, the reference has ${expected.length}`);
  }
  for (const [i, output] of outputs.entries()) {
    compare(`${name} output ${i}`, output.shape, await output.data(), expected[i] as ReferenceTensor, valueTolerance);
  }
  tf.dispose(outputs);

  const trained = Object.keys(inputs).filter((key) => !constants.includes(key));
  for (const [i, { shape, data }] of expected.entries()) {
    if (trained.length === 0) break;
    // A fixed, uneven cotangent: a gradient that mixes up elements cannot hide.
    const cotangent = Float64Array.from(data, (_, j) => Math.fround(Math.sin(1.7 * j + 0.3) + 0.25));
    const dy = tf.tensor(Float32Array.from(cotangent), [...shape], 'float32');
    const { value, grads } = tf.engine().gradients(
      () => (operation(tensors, attributes) as tf.Tensor[])[i] as tf.Tensor,
      trained.map((key) => tensors[key] as tf.Tensor),
      dy,
      true,
    );
    for (const [k, key] of trained.entries()) {
      const numeric = differentiate(exact, key, (changed) =>
        dot(cotangent, (reference(changed, attributes)[i] as ReferenceTensor).data),
      );
      const gradient = grads[k];
      const label = `${name} gradient of output ${i} for '${key}'`;
      // No connection between this output and this input: the numeric gradient must be zero.
      const values =
        gradient === null || gradient === undefined ? new Float32Array(numeric.length) : await gradient.data();
      compare(
        label,
        gradient?.shape ?? inputs[key]!.shape,
        values,
        { shape: inputs[key]!.shape, data: numeric },
        gradientTolerance,
      );
      gradient?.dispose();
    }
    tf.dispose([value, dy]);
  }
  tf.dispose(tensors);
  const leaked = tf.memory().numTensors - before;
  if (leaked !== 0) throw new Error(`${name}: ${leaked} tensors leaked`);
}

/** Central differences with a step that balances truncation and rounding in float64. */
function differentiate(
  at: Readonly<Record<string, ReferenceTensor>>,
  key: string,
  f: (inputs: Readonly<Record<string, ReferenceTensor>>) => number,
): Float64Array {
  const { shape, data } = at[key] as ReferenceTensor;
  return data.map((value, j) => {
    const step = 1e-5 * Math.max(1, Math.abs(value));
    const move = (to: number) => {
      const moved = data.slice();
      moved[j] = to;
      return f({ ...at, [key]: { shape, data: moved } });
    };
    return (move(value + step) - move(value - step)) / (2 * step);
  });
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
}

function compare(
  label: string,
  shape: readonly number[],
  actual: ArrayLike<number>,
  expected: ReferenceTensor,
  relative: number,
): void {
  if (shape.join() !== expected.shape.join()) {
    throw new Error(`${label}: shape [${shape}], expected [${expected.shape}]`);
  }
  const scale = expected.data.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  for (let i = 0; i < expected.data.length; i++) {
    const error = Math.abs((actual[i] as number) - (expected.data[i] as number));
    if (!(error <= relative * scale + 1e-6)) {
      throw new Error(`${label}: element ${i} is ${actual[i]}, expected ${expected.data[i]} (scale ${scale})`);
    }
  }
}
