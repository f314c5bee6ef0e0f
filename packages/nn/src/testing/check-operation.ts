import type { Operation, OperationAttributes } from '../operation';
import { measureOperation, type OperationMeasurement } from './measure-operation';
import type { OperationCheck } from './operation-check';

/**
 * Compares an operation with its float64 reference on the current backend: every output, and the gradient of every
 * output for every input, which is compared with central differences of the reference. Throws an error that names the
 * output or gradient that is wrong, and leaves no tensor behind.
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
