import type { Operation, OperationAttributes } from '../operation';
import { measureOperation, type OperationMeasurement } from './measure-operation';

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
  check: OperationCheck<Attributes>,
): Promise<void> {
  const { valueTolerance = 1e-5, gradientTolerance = 1e-4 } = check;
  for (const measured of await measureOperation(operation, check)) {
    compare(
      `${operation.kernelName} ${measured.label}`,
      measured,
      measured.kind === 'value' ? valueTolerance : gradientTolerance,
    );
  }
}

function compare(
  label: string,
  { shape, expectedShape, actual, expected }: OperationMeasurement,
  relative: number,
): void {
  if (shape.join() !== expectedShape.join()) {
    throw new Error(`${label}: shape [${shape}], expected [${expectedShape}]`);
  }
  const scale = expected.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  for (let i = 0; i < expected.length; i++) {
    const error = Math.abs((actual[i] as number) - (expected[i] as number));
    if (!(error <= relative * scale + 1e-6)) {
      throw new Error(`${label}: element ${i} is ${actual[i]}, expected ${expected[i]} (scale ${scale})`);
    }
  }
}
