import * as tf from '@tensorflow/tfjs-core';

import type { Operation, OperationAttributes, OperationInputs } from '../operation';
import type { OperationCheck, ReferenceTensor } from './operation-check';
import { operationExpectation, type ExpectedGradient, type OperationExpectation } from './operation-expectation';

/** A result of an operation on the current backend, and that of its reference. */
export interface OperationMeasurement {
  /** `output 0`, or `gradient of output 0 for 'x'`. */
  readonly label: string;
  /** Whether it is an output or a gradient. */
  readonly kind: 'value' | 'gradient';
  /** The actual shape. */
  readonly shape: readonly number[];
  /** The expected shape. */
  readonly expectedShape: readonly number[];
  /** The actual values: all elements, or those of `elements`. */
  readonly actual: ArrayLike<number>;
  /** The expected values of the same elements. */
  readonly expected: Float64Array;
  /** Which elements were compared, row-major. @default all */
  readonly elements?: readonly number[];
  /**
   * For the gradient of a scalar, which is a sum over the elements of the output: the root of the sum of its terms' squares.
   * The sum itself may be much smaller, but its rounding errors are relative to this.
   */
  readonly terms?: number;
}

/** Options of {@link measureOperation}. */
export interface MeasureOptions {
  /**
   * How many elements of each input to take gradients of, spread evenly: each costs two evaluations of the reference.
   *
   * @default all
   */
  readonly gradientElements?: number;
}

/**
 * Computes an operation on the current backend and by its float64 reference: every output, and the gradient of every
 * input for every output, the latter by central differences of the reference. Compares nothing; leaves no tensor behind.
 *
 * @throws Error if the number of outputs differs or tensors leak; any error of the operation
 */
export async function measureOperation<Attributes extends OperationAttributes>(
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- any operation can be measured
  operation: Operation<any, Attributes, any>,
  check: OperationCheck<Attributes>,
  { gradientElements = Infinity }: MeasureOptions = {},
): Promise<OperationMeasurement[]> {
  const name = operation.kernelName;
  const before = tf.memory().numTensors;
  const measurements: OperationMeasurement[] = [];
  const { inputs, attributes, constants = [] } = check;
  const { exact, outputs: expected, gradients } = operationExpectation(check, gradientElements);
  const tensors: OperationInputs = {};
  try {
    for (const [key, { shape, data }] of Object.entries(inputs)) {
      tensors[key] = tf.tensor(Float32Array.from(data), [...shape], 'float32');
    }

    const outputs = operation(tensors, attributes) as tf.Tensor[];
    if (outputs.length !== expected.length) {
      throw new Error(`${name}: ${outputs.length} outputs, the reference has ${expected.length}`);
    }
    for (const [i, output] of outputs.entries()) {
      const { shape, data } = expected[i] as ReferenceTensor;
      const actual = await output.data();
      measurements.push({
        label: `output ${i}`,
        kind: 'value',
        shape: output.shape,
        expectedShape: shape,
        actual,
        expected: data,
      });
    }
    tf.dispose(outputs);

    const trained = Object.keys(inputs).filter((key) => !constants.includes(key));
    for (const [i, { shape }] of expected.entries()) {
      if (trained.length === 0) break;
      const { cotangent, byInput } = gradients[i] as OperationExpectation['gradients'][number];
      const dy = tf.tensor(Float32Array.from(cotangent), [...shape], 'float32');
      const { value, grads } = tf.engine().gradients(
        () => (operation(tensors, attributes) as tf.Tensor[])[i] as tf.Tensor,
        trained.map((key) => tensors[key] as tf.Tensor),
        dy,
        true,
      );
      for (const [k, key] of trained.entries()) {
        const input = exact[key] as ReferenceTensor;
        const { elements, data: numeric, terms } = byInput[key] as ExpectedGradient;
        const gradient = grads[k];
        // No connection between this output and this input: the numeric gradient must be zero.
        const all = gradient ? await gradient.data() : new Float32Array(input.data.length);
        measurements.push({
          label: `gradient of output ${i} for '${key}'`,
          kind: 'gradient',
          shape: gradient?.shape ?? input.shape,
          expectedShape: input.shape,
          actual: elements.length === input.data.length ? all : elements.map((j) => all[j] as number),
          expected: numeric,
          ...(elements.length < input.data.length && { elements }),
          ...(terms !== undefined && { terms }),
        });
        gradient?.dispose();
      }
      tf.dispose([value, dy]);
    }
  } finally {
    tf.dispose(tensors);
  }
  const leaked = tf.memory().numTensors - before;
  if (leaked !== 0) throw new Error(`${name}: ${leaked} tensors leaked`);
  return measurements;
}
